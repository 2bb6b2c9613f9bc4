//! Doors: how the pods of one namespace pass their own policies, in one direction.
//!
//! A pod passes because no policy selects it, or through a way that one opens which does. Who can pass a door is a wish
//! about labels, the same for known pods and for those that would be.

use super::plane::{Bound, Class, Group, Plane, PolicyIndex, Route};
use super::policy::Direction;
use super::selector::{Granted, Wish};
use fixedbitset::FixedBitSet;
use smallvec::{SmallVec, smallvec};
use std::sync::OnceLock;

/// A route of a policy.
#[derive(Clone, Copy, Debug)]
pub struct Step<'p, 's> {
    /// The policy.
    pub policy: PolicyIndex,
    /// The position among its routes.
    pub at: usize,
    /// The route.
    pub route: &'p Route<'s>,
}

/// One or several ways past the policies of a namespace, and who can take them: that is found when first asked for, as
/// most doors lead to nobody who is judged.
#[derive(Debug)]
pub struct Door<'p, 's> {
    subject: Subject<'p, 's>,
    wish: Wish<'p, 's>,
    /// How many classes of the namespace stand before the first that can take it.
    before: OnceLock<usize>,
    grantable: OnceLock<bool>,
    steps: Steps<'p, 's>,
    /// Whether each of the steps is a way, and not all of them one.
    apart: bool,
}

/// The steps of a door: most policies have one way or two.
type Steps<'p, 's> = SmallVec<[Step<'p, 's>; 2]>;

/// How many combinations of alternatives are tried before certainty is given up.
const COMBINATIONS: usize = 512;

/// The doors of a namespace under a bound.
#[must_use]
pub fn doors<'p, 's>(plane: &'p Plane<'s>, at: usize, direction: Direction, bound: Bound) -> Vec<Door<'p, 's>> {
    let Some(space) = plane.spaces.get(at) else { return Vec::new() };
    let groups = space.groups(direction);
    let subject = Subject { plane, at, direction, bound };
    match bound {
        Bound::Certain if space.uncertain(direction).is_some() || space.refused => Vec::new(),
        Bound::Certain => {
            let through_one = groups.iter().flat_map(|group| subject.through_every_alternative(group));
            subject.past_all(groups).into_iter().chain(through_one).collect()
        }
        Bound::Possible => {
            let open =
                if space.unsettled(direction).is_some() { Wish::default() } else { subject.escaping_some(groups) };
            let through_one =
                groups.iter().flat_map(|group| &group.possible).filter_map(|policy| subject.through(*policy));
            std::iter::once(subject.door(open, Steps::new(), false)).chain(through_one).collect()
        }
    }
}

/// The namespaces that possibly are at the other end of a flow, as far as this namespace's own policies go and its pods
/// do not evade them; none for all of them. Finds no doors, so that most namespaces need none.
#[must_use]
pub fn admitted(plane: &Plane<'_>, at: usize, direction: Direction) -> Option<FixedBitSet> {
    let space = plane.spaces.get(at).filter(|space| space.unsettled(direction).is_none())?;
    let subject = Subject { plane, at, direction, bound: Bound::Possible };
    if subject.escaping_some(space.groups(direction)).grant() != Granted::Never {
        return None;
    }
    let mut admitted = FixedBitSet::with_capacity(plane.spaces.len());
    for policy in space.groups(direction).iter().flat_map(|group| &group.possible) {
        for step in subject.steps(*policy) {
            admitted.union_with(&plane.namespaces_of(step.policy, step.route)?.possible);
        }
    }
    Some(admitted)
}

impl<'p, 's> Door<'p, 's> {
    /// The ways. Of the steps of one way all must let a flow through; one without steps is open to everybody.
    pub fn ways(&self) -> impl Iterator<Item = &[Step<'p, 's>]> {
        let (together, apart) =
            if self.apart { (None, self.steps.as_slice()) } else { (Some(self.steps.as_slice()), &[][..]) };
        together.into_iter().chain(apart.chunks(1))
    }

    /// The classes that can take it, with their indices. Mostly the first is all that is asked for, again and again.
    pub fn known(&self) -> impl Iterator<Item = (usize, &'p Class<'s>)> {
        let vain = self.wish.is_vain();
        let classes = || self.subject.plane.classes_of(self.subject.at);
        let before = self.before.get_or_init(|| classes().take_while(|(_, class)| !self.passes(class, vain)).count());
        let mut others = classes().skip(*before);
        let first = others.next();
        first.into_iter().chain(others.filter(move |(_, class)| self.passes(class, vain)))
    }

    /// Whether a class of this index can take it.
    #[must_use]
    pub fn is_open_to(&self, class: usize) -> bool {
        let class = self.subject.plane.classes.get(class).filter(|class| class.namespace == self.subject.at);
        class.is_some_and(|class| self.passes(class, self.wish.is_vain()))
    }

    /// What the labels of a pod that would be need to be; none where no pod that would be can take it.
    #[must_use]
    pub fn would_be(&self) -> Option<&Wish<'p, 's>> {
        let grantable = self.grantable.get_or_init(|| match self.wish.grant() {
            Granted::With(_) => true,
            Granted::Never => false,
            Granted::Undecided => self.subject.bound == Bound::Possible,
        });
        grantable.then_some(&self.wish)
    }

    fn passes(&self, class: &Class<'_>, vain: bool) -> bool {
        let possibly = self.subject.bound == Bound::Possible;
        // Whether policies select a pod on the node's network is undefined (N12): possibly none does.
        let evades = possibly && class.host_network;
        let seen = possibly || class.is_certain();
        seen && (evades || !vain && class.labels.grant(&self.wish, self.subject.bound))
    }
}

/// Whose doors are looked for.
#[derive(Clone, Copy, Debug)]
struct Subject<'p, 's> {
    plane: &'p Plane<'s>,
    at: usize,
    direction: Direction,
    bound: Bound,
}

/// A choice for some alternatives: what a pod must match and escape, and the steps that must let a flow through.
#[derive(Clone, Default)]
struct Choice<'p, 's> {
    wish: Wish<'p, 's>,
    steps: Steps<'p, 's>,
}

impl<'p, 's> Subject<'p, 's> {
    /// The door for whoever grants a wish.
    fn door(&self, wish: Wish<'p, 's>, steps: Steps<'p, 's>, apart: bool) -> Door<'p, 's> {
        Door { subject: *self, wish, before: OnceLock::new(), grantable: OnceLock::new(), steps, apart }
    }

    /// What a pod needs that is possibly selected by no policy: of each identity it must escape one alternative (N21).
    fn escaping_some(&self, groups: &[Group]) -> Wish<'p, 's> {
        let solid = groups.iter().filter(|group| !group.void);
        let escaping = solid.map(|group| group.selecting.iter().filter_map(|policy| self.selects(*policy)).collect());
        Wish { matching: SmallVec::new(), escaping: escaping.collect() }
    }

    /// The door through the ways of one policy.
    fn through(&self, policy: PolicyIndex) -> Option<Door<'p, 's>> {
        let wish = Wish { matching: smallvec![self.selects(policy)?], escaping: Vec::new() };
        Some(self.door(wish, self.steps(policy).collect(), true))
    }

    /// The doors through an identity, whichever of its alternatives holds: each selects the pod and lets the flow
    /// through.
    fn through_every_alternative(&self, group: &Group) -> Vec<Door<'p, 's>> {
        match group.possible.as_slice() {
            _ if group.void => Vec::new(),
            [policy] => self.through(*policy).into_iter().collect(),
            alternatives => {
                let choices = alternatives
                    .iter()
                    .try_fold(vec![Choice::default()], |choices, policy| self.extended(&choices, *policy, false));
                self.chosen(choices)
            }
        }
    }

    /// The doors past all policies: each alternative of each identity either does not select the pod, or, where it is
    /// not certain that it holds, lets the flow through.
    fn past_all(&self, groups: &[Group]) -> Vec<Door<'p, 's>> {
        let mut plain = Choice::default();
        let (split, solid): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(|group| group.is_split());
        for policy in solid.iter().flat_map(|group| &group.selecting) {
            plain.wish.escaping.extend(self.selects(*policy).map(|selector| smallvec![selector]));
        }
        let mut alternatives = split.iter().flat_map(|group| &group.selecting);
        let choices = alternatives.try_fold(vec![plain], |choices, policy| self.extended(&choices, *policy, true));
        self.chosen(choices)
    }

    /// Each choice in every way in which it can be extended by an alternative; none past the bound.
    fn extended(
        &self,
        choices: &[Choice<'p, 's>],
        policy: PolicyIndex,
        may_escape: bool,
    ) -> Option<Vec<Choice<'p, 's>>> {
        let selects = self.selects(policy)?;
        // What the API server refuses may as well admit nobody: nothing certain goes through it.
        let refused = self.plane.terms_of(policy).is_none_or(|terms| terms.refused.is_some());
        let mut extended = Vec::new();
        for choice in choices {
            if may_escape {
                let mut escaping = choice.clone();
                escaping.wish.escaping.push(smallvec![selects]);
                extended.push(escaping);
            }
            for step in self.steps(policy).filter(|_| !refused) {
                let mut through = choice.clone();
                through.wish.matching.push(selects);
                through.steps.push(step);
                extended.push(through);
            }
        }
        (extended.len() <= COMBINATIONS).then_some(extended)
    }

    fn chosen(&self, choices: Option<Vec<Choice<'p, 's>>>) -> Vec<Door<'p, 's>> {
        choices.unwrap_or_default().into_iter().map(|choice| self.door(choice.wish, choice.steps, false)).collect()
    }

    fn selects(&self, policy: PolicyIndex) -> Option<&'p super::selector::Selector<'s>> {
        self.plane.terms_of(policy).map(|terms| &terms.selects)
    }

    fn steps(&self, policy: PolicyIndex) -> impl Iterator<Item = Step<'p, 's>> + use<'p, 's> {
        let routes = self.plane.terms_of(policy).and_then(|terms| terms.routes(self.direction));
        routes.into_iter().flatten().enumerate().map(move |(at, route)| Step { policy, at, route })
    }
}
