use cascadia_runtime::Time;

use super::member::{Leaving, Member};
use super::{Booking, Candidate, Endpoint, EndpointKey, EndpointStatus, Way};

/// The endpoints of a service, as one of its callers knows them.
///
/// - *Events*: [`change`](Self::change) by discovery; [`eject`](Self::eject) and
///   [`restore`](Self::restore) by outlier detection; [`rest`](Self::rest) by an answer; for calls
///   [`book`](Self::book) and [`on_ended`](Self::on_ended).
/// - *Getters*: [`candidates`](Self::candidates), [`status`](Self::status),
///   [`outstanding`](Self::outstanding), [`version`](Self::version).
#[derive(Debug)]
pub struct EndpointSet<W> {
    /// Those that may be chosen, in the order of their keys.
    pub(super) candidates: Vec<Candidate>,
    /// What else is known of them, in the same order.
    pub(super) members: Vec<Member<W>>,
    leaving: Vec<Leaving>,
    /// How many of the members rest or are ejected.
    pub(super) unwell: usize,
    pub(super) ejected: usize,
    version: u64,
    /// Those to choose from where not all are as good.
    pub(super) choice: Vec<Candidate>,
}

impl<W> Default for EndpointSet<W> {
    fn default() -> Self {
        Self {
            candidates: Vec::new(),
            members: Vec::new(),
            leaving: Vec::new(),
            unwell: 0,
            ejected: 0,
            version: 0,
            choice: Vec::new(),
        }
    }
}

impl<W: Way> EndpointSet<W> {
    /// Those that may be chosen, in the order of their keys.
    #[inline]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// No member is known to rest or ejected.
    #[inline]
    pub fn is_well(&self) -> bool {
        self.unwell == 0
    }

    /// Changes with each change of who may be chosen.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The calls an endpoint has under way, as long as it is known.
    pub fn outstanding(&self, endpoint: EndpointKey) -> Option<u32> {
        let known = match self.find(endpoint) {
            Ok(position) => Some(&self.candidates[position]),
            Err(_) => self.left(endpoint).map(|at| &self.leaving[at].candidate),
        };
        known.map(|candidate| candidate.outstanding)
    }

    /// The calls of each endpoint: those that may be chosen in the order of their keys, then those
    /// that get no more of them.
    pub fn all_outstanding(&self) -> impl Iterator<Item = u32> {
        let leaving = self.leaving.iter().map(|leaving| &leaving.candidate);
        self.candidates.iter().chain(leaving).map(|candidate| candidate.outstanding)
    }

    /// How an endpoint is, as long as it has not left.
    pub fn status(&self, endpoint: EndpointKey, now: Time) -> Option<EndpointStatus> {
        let Ok(position) = self.find(endpoint) else {
            let leaving = &self.leaving[self.left(endpoint)?];
            return (!leaving.left).then_some(EndpointStatus::Draining);
        };
        let member = &self.members[position];
        Some(match member.back(now) {
            _ if member.ejected => EndpointStatus::Ejected,
            (true, until) => EndpointStatus::Rests { until },
            (false, _) => EndpointStatus::Ready,
        })
    }

    /// The way to an endpoint that may be chosen.
    pub fn way(&self, endpoint: EndpointKey) -> Option<&W> {
        self.find(endpoint).ok().map(|position| &self.members[position].way)
    }

    /// What whoever added an endpoint that may be chosen said of it besides its weight.
    pub fn labels(&self, endpoint: EndpointKey) -> Option<&[(String, String)]> {
        self.find(endpoint).ok().map(|position| &*self.members[position].labels)
    }

    /// Outlier detection takes a member out of the choice.
    pub fn eject(&mut self, endpoint: EndpointKey) {
        self.set_ejected(endpoint, true);
    }

    /// It may be chosen again.
    pub fn restore(&mut self, endpoint: EndpointKey) {
        self.set_ejected(endpoint, false);
    }

    /// An answer says that the endpoint lets nothing through before `until`.
    pub fn rest(&mut self, endpoint: EndpointKey, until: Time) {
        if let Ok(position) = self.find(endpoint) {
            self.members[position].told = until;
            self.falls_asleep(position);
        }
    }

    /// A call goes to the member in that position.
    #[inline]
    pub fn book(&mut self, position: usize) -> Booking {
        let candidate = &mut self.candidates[position];
        candidate.outstanding += 1;
        Booking { endpoint: candidate.endpoint, position }
    }

    /// The way a call takes that was just booked.
    #[inline]
    pub(crate) fn booked(&self, booking: Booking) -> &W {
        &self.members[booking.position].way
    }

    /// A call ended, in whatever way.
    #[inline]
    pub fn on_ended(&mut self, booking: Booking) {
        match self.candidates.get_mut(booking.position) {
            Some(candidate) if candidate.endpoint == booking.endpoint => candidate.outstanding -= 1,
            _ => self.on_ended_elsewhere(booking.endpoint),
        }
    }

    /// The endpoint is no longer where it was.
    #[cold]
    fn on_ended_elsewhere(&mut self, endpoint: EndpointKey) {
        if let Ok(position) = self.find(endpoint) {
            self.candidates[position].outstanding -= 1;
        } else if let Some(at) = self.left(endpoint) {
            self.leaving[at].candidate.outstanding -= 1;
            self.leaving.retain(|leaving| !leaving.is_over());
        }
    }

    pub(super) fn join(&mut self, endpoint: &Endpoint, way: W) -> bool {
        let Endpoint { key, weight, labels } = endpoint;
        let (Err(position), Some(outstanding)) = (self.find(*key), self.returns(*key)) else {
            return false;
        };
        let candidate = Candidate { endpoint: *key, outstanding, weight: *weight };
        let labels = labels.clone();
        let member = Member { way, labels, rests: false, told: Time::ZERO, ejected: false };
        self.candidates.insert(position, candidate);
        self.members.insert(position, member);
        self.choice.reserve(self.candidates.len());
        self.version += 1;
        true
    }

    pub(super) fn drain(&mut self, endpoint: EndpointKey) -> bool {
        let Ok(position) = self.find(endpoint) else { return false };
        let candidate = self.candidates.remove(position);
        let member = self.members.remove(position);
        self.unwell -= usize::from(!member.is_well());
        self.ejected -= usize::from(member.ejected);
        self.leaving.push(Leaving { candidate, left: false });
        self.version += 1;
        true
    }

    pub(super) fn leave(&mut self, endpoint: EndpointKey) -> bool {
        self.drain(endpoint);
        let Some(at) = self.left(endpoint) else { return false };
        let had_left = std::mem::replace(&mut self.leaving[at].left, true);
        self.leaving.retain(|leaving| !leaving.is_over());
        !had_left
    }

    pub(super) fn weigh(&mut self, endpoint: EndpointKey, weight: u32) -> bool {
        let Ok(position) = self.find(endpoint) else { return false };
        std::mem::replace(&mut self.candidates[position].weight, weight) != weight
    }

    /// The position of a member, or where it would join.
    pub(crate) fn find(&self, endpoint: EndpointKey) -> Result<usize, usize> {
        self.candidates.binary_search_by_key(&endpoint, |candidate| candidate.endpoint)
    }

    /// The calls that an endpoint still has which may join, or nothing where it drains.
    fn returns(&mut self, endpoint: EndpointKey) -> Option<u32> {
        match self.left(endpoint) {
            None => Some(0),
            Some(at) if self.leaving[at].left => {
                Some(self.leaving.remove(at).candidate.outstanding)
            }
            Some(_) => None,
        }
    }

    fn left(&self, endpoint: EndpointKey) -> Option<usize> {
        self.leaving.iter().position(|leaving| leaving.candidate.endpoint == endpoint)
    }

    #[cold]
    pub(super) fn falls_asleep(&mut self, position: usize) {
        let member = &mut self.members[position];
        self.unwell += usize::from(member.is_well());
        member.rests = true;
    }

    fn set_ejected(&mut self, endpoint: EndpointKey, ejected: bool) {
        let Ok(position) = self.find(endpoint) else { return };
        let member = &mut self.members[position];
        self.unwell -= usize::from(!member.is_well());
        self.ejected -= usize::from(member.ejected);
        member.ejected = ejected;
        self.ejected += usize::from(ejected);
        self.unwell += usize::from(!member.is_well());
    }
}
