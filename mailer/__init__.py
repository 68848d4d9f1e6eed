"""A community of practice that lives in its members' mailboxes.

Two walks lead through this tree, and every file lies on one of them.

The way of a mail:
    inbound/listener -> inbound/intake -> store/traffic/inbox || inbound/reader -> mail/parse -> mail/authenticate
    -> inbound/gather -> inbound/route, rules -> inbound/acts -> commands/<word> or inbound/publishing
    -> community/threads, tagging -> store/talk/posting -> outbound/resend -> store/traffic/deliveries
    || outbound/deliver
The way of the clock:
    jobs/clock -> jobs/<job> -> store/<room>/<noun> -> outbound/render -> outbound/fanout -> store/traffic/deliveries
    || outbound/deliver
(|| is a durable row: the two sides may die separately and nothing is lost.)

Imports run only leftwards:
    errors misread config journal shelf <- mail <- community <- store <- engine <- outbound <- commands <- inbound
    <- jobs <- web <- app <- demo <- verbs <- __main__
"""

__version__ = "0.1.0"
