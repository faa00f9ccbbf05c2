"""The pages of `/okr help`: short, concrete, each with an example to copy."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Page:
    """One topic: a line for the overview, and the page in our own mrkdwn."""

    topic: str
    about: str
    text: str


_PAGES = (
    Page(
        "start",
        "what this is, in one minute",
        "An *objective* says what will be better. Its *key results* are the numbers that show it.\n"
        "Every key result has one owner, who is asked in their team's rhythm and answers in a minute.\n"
        "`/okr` shows your week, `/okr update` opens the check-in, `/okr set` sets an objective.",
    ),
    Page(
        "update",
        "checking in, with the form or in one line",
        "`/okr update` opens the form with your key results: change what changed, press *Send*.\n"
        "Or reply to my message: `1 45k 8 short note | 2 =`. A number is the place in my last list, `KR-3` works too, "
        "and `=` alone says that nothing has changed.\n"
        "In one line: `/okr update KR-3 45k 8 short note` - the value, then your confidence from 0 to 10 if you like, "
        "then a note.\n"
        "Several at once: `/okr update KR-3 45k | KR-4 +3 | KR-5 =`\n"
        'A note that begins with a number needs quotation marks: `/okr update KR-3 45k "3 new deals"`\n'
        "*Undo* takes it back for ten minutes; *Edit* changes it later, also the day it counts for: on the receipt, or "
        "in `/okr show KR-3`.\n"
        "In the form *Add a note* explains a number. What you had typed when you pressed a button there comes back "
        "when you open it again.",
    ),
    Page(
        "numbers",
        "how values may be written",
        "The new value: `45k`, `1.2m`, `70%`, `€3,500`. A step up or down: `+3`, `-3`.\n"
        "No change: `=`. Reached the target: `done`. A value below zero: `=-2m`.\n"
        "A percent sign goes with key results measured in percent; there `+3%` adds 3 points.",
    ),
    Page(
        "list",
        "who is working on what",
        "`/okr list` shows your key results, `/okr list company` everybody's.\n"
        "`/okr list @person` or `/okr list Team name` narrows it down.\n"
        "Add `at risk`, `stale` (nothing said for a while) or `missing` (who has nothing yet): "
        "`/okr list company at risk`.\n"
        "Twenty fit on a page; *Next* and *Previous* turn it.",
    ),
    Page(
        "show",
        "one key result or objective, with its history",
        "`/okr show KR-3` shows a key result: what was agreed, where it stands, who works on it, and its history: "
        "every check-in with what it was before, who sent it and when; every change of what was agreed, and why.\n"
        "*Older* and *Newer* turn the pages. Nothing is ever overwritten: an edit and an undo are entries too.\n"
        "`/okr show O-1` shows an objective with its key results, what it supports and what supports it.\n"
        "A *private* objective is shown to its team, its lead, its observers, who works on it, sponsors and champions; "
        "everybody else reads its number at most.",
    ),
    Page(
        "edit",
        "changing, handing over, moving and dropping",
        "`/okr edit KR-3` and `/okr edit O-1` open a form with everything as it is; only what you change is saved.\n"
        "Another *Owner* hands it over, another *Objective* moves it; its number and history go with it.\n"
        "*State* drops or postpones it, and brings it back. That wants a reason, and so does another start, target, "
        "kind or milestones once it is under way: the reason stays in the history, see `/okr show KR-3`.\n"
        "*Add Key Result* below `/okr show O-1` sets one more for an objective that is published.\n"
        "When somebody leaves, the lead (else the first champion) gets one message with everything that has no owner "
        "now, and one form to hand it over.\n"
        "If somebody else has changed the same meanwhile you are told before anything is overwritten. The owners "
        "before and after get one note.",
    ),
    Page(
        "set",
        "setting an objective",
        "`/okr set` opens the form: the objective in plain words, then its key results one after the other. Tick "
        "*Save and add another* for a further one; *Save* without it publishes.\n"
        "*Supports* finds the objective it helps along: type a part of its title or its number, `O-2`.\n"
        "A good key result is a number somebody can look up: “Hours until the first order, from 48 to 8”. Its kinds: "
        "`/okr help key-results`.\n"
        "Until it is published it is a draft, which is kept at every step and offered by the next `/okr set`. Where "
        "the workspace wants it, the team's lead or a champion agrees first.",
    ),
    Page(
        "key-results",
        "kinds, start, target and progress",
        "*Metric*: from start to target. *Stay above*, *Stay below*: a value that must not cross its target; the share "
        "of the cycle in which it kept to it. *Milestones*: steps in order, one per line, `Beta = 40`. *Yes/no*. "
        "*Baseline*: find out where we stand; done once a value is set.\n"
        "*Commit* is the least you promise, *Stretch* lies beyond the target. One person *owns* it; *contributors* "
        "work on it as well, a *delegate* checks in for the owner and does nothing else.\n"
        "Progress is the share of the way from start to target, up or down: 200 to 0 stands at 50% with 100.\n"
        "Start and target must differ. More than 100% is shown as it is and counts as 100% in sums.",
    ),
    Page(
        "status",
        "on track, at risk, off track, unknown",
        "Expected progress is the share of the cycle that has passed.\n"
        "*On track*: at most 10 points behind it. *At risk*: at most 25. *Off track*: more.\n"
        "Without a word for a week and a half the status is getting old; after two and a half weeks it is *unknown*; "
        "later in a team that is asked less often.\n"
        "An objective is as strong as its weakest key result.",
    ),
    Page(
        "weights",
        "how key results count together",
        "An objective's progress is the weighted mean of its key results. Every weight is 1 unless somebody sets it.\n"
        "Only the ratio counts: 2 and 1 is the same as 200 and 100. All weights together must be more than 0.",
    ),
    Page(
        "rhythm",
        "what happens when in a week",
        "Monday 09:00 in your own time zone I ask you, if you have something due. Press a button there, or just reply: "
        "`1 45k 8 note | 2 =`\n"
        "Wednesday 17:00 in your team's time zone it is due; a later answer counts as late and is welcome.\n"
        "Friday 12:00 in that zone the round closes, and the team's channel gets one digest, "
        "with everybody's check-in in its thread.\n"
        "A team may have another rhythm: every 2 or 3 weeks, or once a month, on other days and hours. "
        "`/okr team NAME` tells it, and when the next round opens; its lead or a champion sets it there with *Edit*.",
    ),
    Page(
        "recognition",
        "saying thank you",
        "React to a check-in in the digest's thread:\n"
        ":tada: result, :muscle: effort, :bulb: learning, :raised_hands: candour.\n"
        "The person hears of it once. Removing the reaction takes it back. Nobody is ranked by it.",
    ),
    Page(
        "roles",
        "member, lead, sponsor, champion",
        "*Members* own key results. A *lead* leads a team and every team below it. A *sponsor* follows the whole "
        "picture. A *champion* runs the programme: cycles, roles, exceptions.\n"
        "`/okr role` shows who is what. Champions give a role with `/okr role @person champion` or "
        "`/okr role @person sponsor`, and take it with `off` behind it; the last champion stays until there is "
        "another.\n"
        "The first admin or owner who types `/okr` becomes champion.",
    ),
    Page(
        "cycles",
        "quarters, years, and when objectives are set",
        "`/okr cycle` shows the cycle that runs, those to come and those that are over. Cycles may overlap: a year "
        "beside its quarters; new objectives are for the shortest one that runs today, unless somebody chooses "
        "another.\n"
        "Champions make one with `/okr cycle new`: the next quarter by the company's fiscal year, a year, or any two "
        "days. *Drafts from* is the day from which objectives may be set for it.\n"
        "Two weeks before a quarter ends I make the next one by myself. Dates can't be moved so that a check-in would "
        "lie outside.",
    ),
    Page(
        "teams",
        "the tree of teams, and who is in them",
        "`/okr team` shows all teams, `/okr team NAME` one with its people. *Edit* changes its name, lead, channel, "
        "members, observers and rhythm; leads change their team and those below it, champions every team.\n"
        "`/okr team new` makes one. Members are chosen by hand, or kept in step with a Slack user group or the "
        "channel: who leaves there leaves the team and keeps their key results.\n"
        "*Observers* read the team's objectives and are asked for nothing. An archived team leaves every list; its "
        "objectives stay readable. A team has the rhythm of the team it belongs to, until it is given its own.",
    ),
    Page(
        "settings",
        "your hour, your days, how much you hear",
        "`/okr settings`: the hour and the days on which I may ask, your country's public holidays, and a profile: "
        "*light* (the prompt only), *standard* (one reminder too, recognition once you have answered), *active* (asks "
        "and recognition at once).\n"
        "Times follow the zone of your Slack profile. At most two messages a week come without being asked for; what "
        "does not fit waits for the next prompt.\n"
        "`/okr why` tells why the last messages came, and when the next one does. `/okr rehearse` shows what is "
        "to come in the next four weeks: to a champion everybody's, to a lead their teams', else one's own.",
    ),
    Page(
        "away",
        "on leave: nothing is asked, nothing is missed",
        "`/okr away until 12 Aug`: I ask nothing until that day is over, and nothing counts as missed.\n"
        "With a first day: `/okr away from 3 Aug until 12 Aug`.\n"
        "`/okr back` ends it earlier. What is due then is asked once, in one message.",
    ),
    Page(
        "operator",
        "for whoever runs the bot",
        "A reference in an error message is found in the bot's log.\n"
        "`okr-bot run` starts it, `okr-bot migrate` brings the database up to date, `okr-bot tick` makes one beat.\n"
        "The operator's guide in the repository's docs folder has the rest.",
    ),
)

PAGES = MappingProxyType({page.topic: page for page in _PAGES})

# Other words people look for.
ALIASES = MappingProxyType(
    {
        "value": "numbers", "values": "numbers", "number": "numbers", "percent": "numbers",
        "check-in": "update", "checkin": "update", "check in": "update", "undo": "update", "line": "update",
        "confidence": "update", "note": "update", "reply": "update", "words": "update",
        "objective": "set", "objectives": "set", "new": "set", "draft": "set", "drafts": "set", "supports": "set",
        "agreement": "set", "approval": "set", "approve": "set",
        "kind": "key-results", "kinds": "key-results", "milestones": "key-results", "baseline": "key-results",
        "commit": "key-results", "stretch": "key-results", "delegate": "key-results",
        "contributor": "key-results",
        "key result": "key-results", "key-result": "key-results", "key results": "key-results",
        "kr": "key-results", "progress": "key-results", "target": "key-results",
        "change": "edit", "drop": "edit", "postpone": "edit", "restore": "edit", "move": "edit", "owner": "edit",
        "hand over": "edit",
        "history": "show", "details": "show", "private": "show", "version": "show", "versions": "show",
        "lists": "list", "weight": "weights",
        "prompt": "rhythm", "prompts": "rhythm", "digest": "rhythm", "week": "rhythm", "due": "rhythm",
        "late": "rhythm", "cadence": "rhythm", "round": "rhythm", "rounds": "rhythm", "monthly": "rhythm",
        "reaction": "recognition", "reactions": "recognition", "emoji": "recognition", "thanks": "recognition",
        "cycle": "cycles", "quarter": "cycles", "quarters": "cycles", "year": "cycles", "fiscal year": "cycles",
        "team": "teams", "observer": "teams", "observers": "teams", "channel": "teams", "members": "teams",
        "role": "roles", "champion": "roles", "lead": "roles", "sponsor": "roles",
        "rehearse": "settings", "rehearsal": "settings",
        "leave": "away", "vacation": "away", "holiday": "away", "back": "away", "why": "settings",
        "profile": "settings", "reminder": "rhythm", "snooze": "rhythm", "skip": "rhythm",
        "time": "settings", "zone": "settings", "time zone": "settings",
        "error": "operator", "reference": "operator", "install": "operator",
        "okr": "start", "overview": "start",
    }
)  # fmt: skip
