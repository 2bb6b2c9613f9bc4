// Command yaml prints what Kubernetes reads in YAML: documents from standard input, one line of JSON each.
//
// The input holds documents separated by a NUL byte, so that a document may itself hold `---`. Each is read by
// sigs.k8s.io/yaml, the reader of kubectl and the API server, and printed as `{"json": …}` or `{"error": "…"}`.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

// answer is what one document is read as: exactly one of its fields is set.
type answer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for _, document := range bytes.Split(input, []byte{0}) {
		read, err := yaml.YAMLToJSON(document)
		line := answer{JSON: read}
		if err != nil {
			line = answer{Error: err.Error()}
		}
		if err := encoder.Encode(line); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
