"""The keys of what a business says of itself: hours, teams, leads, promises, campaigns.

One row a key, as `bot.language.shapes` reads them.
"""

BUSINESS = """
# hours | Opening hours. |
timezone | text | Their time zone; that of the config unless said. | America/Sao_Paulo
days | map of list of text | Weekdays and their spans. | {mon-fri: ["09:00-12:00", "13:30-18:30"], sat: "09:00-13:00"}
holidays | list of text | Dates when it is closed, or a country's code. | [2026-12-25, BR]
away | reply | Said once to who writes in private while it is closed, before what else answers; again after it was open. | {lang: {en: "We answer from nine.", es: "Respondemos desde las nueve."}}
note | text | A remark for readers. | summer hours

# a variable | A value that all contacts share. |
type | one of: text, number, integer, money, yes_no, choice, date, time, datetime, email, phone, url, name, duration, location, media, list, any | What it is. | integer
default | text | Its value at first. | 10
note | text | A remark for readers. | set by a rule

# words | Words that the bot knows by itself, and what it answers. |
words | list of text | The words. | [cancel, cancelar]
reply | reply | What is answered; a sentence of Alexia's own unless said. Of cancel and back also none, for nothing. | All right, cancelled.
note | text | A remark for readers. | required by law

# an optout | Words by which people stop and start getting messages. |
stop | shape: words | No more messages. | {words: [stop, baja], reply: You get no more messages.}
start | shape: words | Messages again. | {words: [start, alta], reply: Welcome back!}
note | text | A remark for readers. | required by law

# a team | Members, and who of them gets a chat that is handed over. | members
members | list of member | Who belongs to it. | [{name: Bea, number: "+5511912345678"}]
assign | one of: all, round_robin, least_busy | Who gets a chat: all are told; each in turn; whoever has the fewest. all unless said. | round_robin
note | text | A remark for readers. | on duty until six

# a member of a team | A person of a team. | number
name | text | Who. | Bea
number | text | Their number, with the country's code. | "+5511912345678"
languages | list of word | Languages that they speak; all unless said. | [es, en]
tags | list of word | Tags of the people they look after; all unless said. | vip

# leads | What leads are; each key in one file only, but 'scores'. |
stages | list of word | The stages, in their order; a new lead begins at the first. With them a stage by another name is a mistake. | [new, nurture, qualified, customer]
owner | list of owner | Who takes a lead that nobody has: a team, in turn, or the first that fits. | [{if: {language: es}, team: ventas}, {team: sales}]
decay | shape: a decay | How scores fade with time. | {half_life: 30d}
scores | list of shape: a score | What gives points. | {id: asked_price, when: {keyword: price}, points: 10}
qualify | shape: a qualification | What makes a lead worth a person's time. | {score: 60, owner: sales}
note | text | A remark for readers. | agreed with sales

# a score | Points that a lead gets when something happens; a rule that says nothing. | id, when, points
id | word | Its name; once in all files, rules included. | asked_price
when | triggers | What gives the points: any of these. | {keyword: [price, prices]}
if | condition | What must hold: all of these. | {chat: private}
points | whole -1000000..1000000 | How many; below 0 takes some. | 10
cooldown | duration | Not again for so long in that chat. | 1d
limit | limit | At most so many times within so long, in one chat. | 3 per 7d
enabled | flag | false: switched off. | false
note | text | What the lead's history says of it. | asked for a price

# a decay | How scores fade towards 0: 'half_life', or 'points' and 'every'. |
half_life | duration | After so long half of a score is left. | 30d
points | whole 1..1000000 | So many points are lost each time. | 5
every | duration | How long it takes to lose them. | 7d
note | text | A remark for readers. | as agreed with sales

# a qualification | What qualifies a lead, once: 'score', 'if' or both. |
score | whole -1000000..1000000 | It has at least so many points. | 60
if | condition | What must be known of the person: all of these. | {consent: true}
stage | word | The stage that it gets; qualified unless said. | qualified
owner | list of owner | Who takes it when nobody has it; as 'owner' of leads. | sales
note | text | What the lead's history says of it. | worth a call

# an owner | Who takes a lead: exactly one of 'team' and 'name'. |
if | condition | What must be known of the person. | {tag: vip}
team | word | Somebody of this team, in turn. | sales
name | word | Somebody by name. | Bea
note | text | A remark for readers. | speaks Spanish

# an sla | A promise to people who wait. | for, within
for | one of: handoff, message | What waits for a person: a chat that was handed over, or any message that nobody answered. | handoff
within | duration | How long at most. | 30m
hours | word | Only the time within these hours counts; all of it unless said. | shop
team | list of word | Only chats that are handed over to these teams. | [support]
if | condition | Only when this holds as the wait begins. | {tag: vip}
do | steps | What is done when nobody answered in time; knows sla, level, team, member and minutes. | {notify: {to: support, text: "$(contact.name) waits for $(minutes) minutes"}}
escalate | list of shape: an escalation | What is done when still nobody answered. | {after: 30m, do: {assign: managers}}
note | text | A remark for readers. | as promised on our page

# an escalation | A further step when a promise is missed. | after, do
after | duration | How much longer, after the one before. | 30m
do | steps | What is done. | {assign: managers}
note | text | A remark for readers. | the boss wants to know

# a campaign | One message to many people. | audience
audience | condition | Who gets it: all of these; only people who agreed to get messages. | [{consent: true}, {tag: buyer}]
exclude | condition | Any of these leaves a contact out. | [{tag: complained}, {in_flow: any}]
at | text | When: a time, or five fields of cron with weekday names; when it is started unless said. | 2027-03-01 10:00
timezone | text | A zone, or contact for that of each contact; the business's unless said. | contact
hours | word | Only within these hours, in that time zone. | shop
rate | limit | At most so many within so long. | 20 per 1h
jitter | duration | A random pause between two, up to so long. | 90s
daily_cap | whole 1..1000000 | At most so many within 24 hours. | 200
once | flag | Each contact gets it once, however often it comes round. | true
stop_if | expression | When it stops by itself: over optouts_rate, failed_rate, replies_rate, delivered_rate. | optouts_rate > 0.02
variants | list of shape: a variant | Versions to compare; each recipient gets one, then what stands in 'do'. | [{name: short, text: Hi!}, {name: long, text: Hello and welcome!}]
do | steps | What is sent. | {reply: "It is spring!"}
note | text | A remark for readers. | one message to warm leads

# a variant | A version of a campaign: exactly one of 'text' and 'do'. |
name | word | What reports call it; a, b, c unless said. | short
share | number 0..1 | Of the recipients that get it; the same for all unless said. | 0.5
text | reply | What is said. | Hi!
do | steps | What is done. | [{reply: Hi!}, {tag: short}]
note | text | A remark for readers. | the friendly one
"""
