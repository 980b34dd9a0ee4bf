"""The keys of files, rules, flows and slots, and of all that stands in them.

One row a key, as `bot.language.shapes` reads them.
"""

TALK = """
# a file | What a file under rules/ or flows/ may hold; every name is known in all files. | version
version | one of: 1 | The version of this language. | 1
rules | list of shape: a rule | Rules: when something arrives and conditions hold, do steps. | [{id: hi, when: {keyword: hi}, do: {reply: Hello!}}]
flows | map of shape: a flow | Conversations by name: slots to fill, steps to take. | {order: {slots: {size: {ask: "Which size?"}}, steps: [{ask: size}]}}
replies | map of reply | Texts by name, said with "@name". | {hello: {lang: {en: Hello!, es: ¡Hola!}}}
canned | map of reply | Texts by a short name that people send: `alexia send CHAT --canned NAME`. | {thanks: "Thank you, $(contact.first_name)!"}
lists | map of items | Words by name, for patterns "{name:slot}" and choices "@name". | {sizes: {small: [little], large: [big]}}
hours | map of shape: hours | Opening hours by name. | {shop: {days: {mon-fri: "09:00-18:00"}}}
campaigns | map of shape: a campaign | Messages to many people, by name. | {spring: {audience: {tag: buyer}, at: "2027-03-01 10:00", do: {reply: "It is spring!"}}}
fields | map of shape: a slot | Fields of a contact, with type and default. | {vip: {type: yes_no, default: false}}
vars | map of shape: a variable | Values that all contacts share, written vars.name. | {discount: {type: integer, default: 10}}
segments | map of condition | Saved audiences: who is meant, by name. | {buyers: [{tag: buyer}, {consent: true}]}
leads | shape: leads | What leads are: how they are scored, whose they are, what qualifies them. | {decay: {half_life: 30d}, qualify: {score: 60}}
sla | map of shape: an sla | How long people wait at most, and what is done then. | {answer: {for: handoff, within: 30m, do: {notify: {to: shop, text: Somebody waits.}}}}
teams | teams | Who is told things, and who takes over. | {shop: [{name: Bea, number: "+5511912345678"}]}
optout | shape: an optout | Words by which people stop and start getting messages, and what is answered. | {stop: {words: [stop, baja]}}
cancel | shape: words | Words that cancel an open flow, and what is answered. | {words: [cancel, cancelar]}
back | shape: words | Words that lead back to the question before the open one, and what is answered where there is none. | {words: [back, volver]}
phrases | map of text | Pieces for patterns, written <name> there. | {want: "(i want|i would like)"}
substitutions | map of text | Words that are read as others, or as nothing, before matching. | {vc: você}

# a rule | When any trigger fits and all conditions hold, do the steps in order. | id, when, do
id | word | Its name; once in all files. | opening_hours
when | triggers | What starts it: any of these. | [{keyword: [hours, horario]}, {intent: ask_hours}]
if | condition | What must hold: all of these. | {chat: private}
do | steps | What is done, in order. | [{reply: "We open at 9."}, {tag: asked_hours}]
priority | whole 0..1000 | The higher one wins where several rules fit; 100 unless said. | 850
during_flow | one of: wait, answer, interrupt | While a question is open: wait for its end, answer and ask again, or take over. | answer
during_handoff | flag | Speak although a person has taken over the chat. | true
then | one of: stop, continue, join | continue: speak first and leave the turn to the others; join: speak together with other rules that fit and join too, and beside an answer. | continue
cooldown | duration | After speaking, rest for so long in that chat. | 8h
limit | limit | At most so many times within so long, in one chat. | 2 per 1h
enabled | flag | false: the rule is switched off. | false
note | text | A remark for readers. | asked for by the shop

# a trigger | Exactly one thing that starts a rule or a flow. |
keyword | list of text | Words or phrases in the message; case and accents do not matter. | [price list, precios]
match | one of: word, exact, starts, ends, contains | How the keyword is looked for: whole words anywhere, the whole message, its start, its end, or any letters. | exact
fuzzy | whole 0..2 | Typing errors allowed in a word: a letter missing, added or wrong, or two swapped. | 1
case | flag | Capital letters matter. | true
lang | word | Only in messages of this language. | es
pattern | list of text | Sentence patterns over the whole message. | "[i want] [a] {sizes:size} pizza"
regex | list of text | Regular expressions (RE2) searched in the message; named groups are captured. | 'order\\s*#?(?P<order>\\d{4,8})'
command | word | /name at the start of the message. | menu
intent | list of word | What the message is for, by the models. | [complaint, problem]
min | number 0..1 | How sure the models must be; from 0.8 on the intent is heard at questions that take any text, too. | 0.7
unclear | list of word | The models waver between two of these intents; any: whichever. | [ask_hours, ask_prices]
margin | number 0..1 | How near the second intent must be to the first; 0.15 unless said. | 0.2
appeal | list of one of: person, threat, danger, wronged, stuck, furious | What the message appeals for, by the models: a person, law or leaving, help in danger, amends for what went wrong, a bot that understands, or nothing but anger. | [person, danger]
sentiment | one of: negative, neutral, positive | The tone of the message. | negative
over | whole 1..20 | So many of the customer's last messages, each of them. | 2
mood | mood | The mood of the conversation, from -1 to 1; in a group of the member who writes. | below -0.4
language | list of word | The language of the message. | [es, pt]
media | list of one of: image, video, audio, voice, document, sticker, location, contact, poll | A message of this kind. | [image, video]
reaction | list of text | An emoji put on one of our messages, or any. | [👍, any]
event | word | A named event: message.in, message.edited, message.revoked, human.reply, group.joined, group.left, group.promoted, label.added, label.removed, flow.started, flow.ended, your own of 'emit', and others. | message.in
where | map of text | What fields of the event's data must be. | {campaign: spring}
webhook | word | A call from outside by this name. | paid
schedule | text | Five fields of cron with weekday names, or 'every 30m'; it comes round in each known chat, for which an 'if' says who is meant. | 0 9 * * mon-fri
first_message | flag | The first message that a person ever writes. | true
after_silence | duration | The customer writes again after that long. | 30d
silence | duration | Nothing came for that long. | 20m
fallback | flag | Nobody else spoke. | true
with | map of text | Fixed captures of this trigger. | {topic: delivery}

# a condition | What must hold; several keys must all hold. |
all | condition | All of these. | [{chat: private}, {tag: vip}]
any | condition | At least one of these. | [{tag: buyer}, {language: es}]
not | condition | The contrary. | {tag: escalated}
tag | list of text | The contact has any of these tags. | [customer, vip]
chat | one of: private, group | Where the message was written. | private
mentioned | flag | We are mentioned in a group. | true
hours | text | Opening hours by name, open or closed. | shop closed
between | text | A time of day. | 09:00-18:00
days | list of text | Weekdays. | mon-fri
lead | shape: a lead's condition | Stage, score and owner of the lead. | {stage: [nurture, qualified], score: ">= 30"}
in_flow | word | The flow on top: a name, any or none. | none
language | list of word | The contact's language. | [es, pt]
appeal | list of one of: person, threat, danger, wronged, stuck, furious | What the message appeals for, as in a trigger. | wronged
sentiment | one of: negative, neutral, positive | The tone of the message. | negative
mood | mood | The mood of the conversation, from -1 to 1; in a group of the member who writes. | below -0.4
intent | list of word | What the message is for. | complaint
min | number 0..1 | How sure the models must be. | 0.6
over | whole 1..20 | So many last messages, each of them. | 2
media | list of one of: image, video, audio, voice, document, sticker, location, contact, poll | The message is of this kind. | image
consent | flag | The contact agreed to get messages. | true
last_reply | list of text | The bot's last text in the chat fits a pattern. | "* which pizza"
contact | map of text | Fields of the contact. | {vip: "true"}
segment | list of word | The contact is in one of these segments. | buyers
group | text | The chat is that group. | 120363012345678901@g.us

# a lead's condition | What a lead must be. |
stage | list of text | One of these stages. | [nurture, qualified]
score | text | A comparison. | ">= 30"
owner | text | Who looks after it. | Bea

# a step | One thing to do: 'id', 'if' and 'note' beside exactly one verb. |
id | word | A name for 'goto'. | pay_how
if | condition | Do it only when this holds. | contact.vip
note | text | A remark for readers. | needed by law
reply | reply | Say something. | We open at 9.
react | text | Put an emoji on the message. | 👍
ask | ask | Ask for a slot, unless it is filled. | size
set | map of free | Set slots, contact.x, vars.x or, in a rule, chat.slots.x of the open flow; in order, so that a later one knows the earlier. | {size: large, contact.vip: true}
unset | list of word | Empty slots or fields, so that they are asked again; in a rule chat.slots.x. | [day, time]
tag | list of text | Put tags on the contact. | ordered
untag | list of text | Take tags off. | awaiting_photo
lead | shape: a lead | Create or change the lead. | {stage: customer, score: "+20"}
http | shape: an http call | Call another program. | {url: "$(env.SHOP)/orders/$(order)", save: {state: $.state}}
handoff | handoff | A person takes over; the bot keeps quiet in this chat. none: it speaks again. | {team: support, note: wants a refund}
assign | assign | Give the chat to a team, to one of its members, or to none. | {team: sales, member: $(lead.owner)}
notify | shape: a notify | Tell a team or a number. | {to: sales, text: "$(contact.name) asks for a visit"}
wait | duration | Pause, at most 60s. | 3s
later | shape: a later | Do steps later. | {in: 1h, do: {start: rate_order}}
branch | list of shape: an arm | The first arm that holds. | [{if: "count > 5", then: {reply: Many!}}, {else: {reply: Few.}}]
each | shape: an each | Once for each item of a list. | {of: $(items), as: item, do: {reply: $(item)}}
repeat | shape: a repeat | While something holds. | {while: "tries < 3", do: {ask: code}}
break | nothing | Leave the loop. |
continue | nothing | Go on with the loop's next round. |
start | word | Hand over to a flow; later steps do not run. | pizza_order
call | word | Run a flow and come back. | take_card
with | map of free | What the called flow, or the action, is given. | {amount: "$(total)"}
save | word | The name under which the result is kept. | paid
goto | word | Go to a step of this flow by its id. | pay_how
end | free | End the flow, with a value; {flow: true} the waiting flow too, {all: true} all. | done
emit | emit | Raise an event that rules can wait for. | {event: paid, data: {amount: "$(total)"}}
run | word | Run a Python action of extensions/. | payments.link
on_error | steps | What is done in place of a call that failed; knows error.what, error.status and error.body. | [{goto: price_down}]
reroute | text | Handle this text as if the customer had written it. | menu
clarify | shape: a clarify | Ask which of the first two intents was meant, and do what is chosen. | {text: "Did you mean …?", labels: {ask_hours: Opening hours}}
edit | shape: an edit | Change our last message. | {last: "It is 12, not 10."}
delete | one of: last | Delete our last message. | last
optout | nothing | The contact gets no more messages. |
optin | nothing | The contact gets messages again. |

# a reply | A text with what belongs to it. |
text | reply | The text. | What can I do for you?
media | shape: a medium | A file to send. | {kind: document, file: media/prices.pdf}
caption | reply | The text under the medium. | Our prices
buttons | list of text | Choices, sent as a numbered menu. | [Order a pizza, Talk to a human]
poll | shape: a poll | A poll of WhatsApp. | {question: "When?", options: [Morning, Evening]}
location | free | A place: an expression, or lat, lng and name. | {lat: -23.5, lng: -46.6, name: The shop}
contact | free | A contact card. | {name: Bea, number: "+5511912345678"}
quote | flag | Quote the customer's message. | true
mention | flag | Mention who wrote, in a group. | true
variants | list of wording | Wordings; one is drawn. | [Hi!, Hello!]
lang | map of reply | The reply in several languages. | {en: Hello!, es: ¡Hola!}
weight | number 0..1000 | How often this wording is drawn. | 2

# a wording | One of several wordings. |
text | text | The text. | Hello!
weight | number 0..1000 | A heavier one is drawn more often. | 2

# a medium | A file to send: exactly one of 'file' and 'url'. |
file | text | A path in your folder. | media/prices.pdf
url | text | An address to fetch it from. | https://shop.example/prices.pdf
kind | one of: image, video, audio, voice, document, sticker | What it is; by its ending unless said. | document
name | text | The file name that the customer sees. | Prices.pdf
voice | flag | Send audio as a voice message. | true

# a poll | A question with options. | question, options
question | text | What is asked. | When does it suit you?
options | list of text | At least two answers. | [Morning, Evening]
multiple | flag | Several answers may be chosen. | true

# an ask | A question, where one word is not enough. | slot
slot | word | The slot to fill. | size
text | reply | In place of the slot's own question. | And which size?
reask | reply | In place of the slot's own text after a wrong answer. | Small or large?
retries | whole 0..100 | How often it is asked again. | 1
timeout | duration | How long it waits for an answer. | 15m
on_timeout | steps | What is done when no answer came in time. | {end: unpaid}
on_fail | on_fail | What is done when all tries are used. | skip
interrupt | one of: allow, ask, answer_only, never | What may come between. | answer_only
force | flag | Ask although the slot is filled. | true

# a lead | What of the lead is changed. |
stage | text | Its stage. | qualified
score | text | "+10", "-5" or a number. | "+20"
owner | text | Who looks after it. | $(round_robin('sales'))
fields | map of free | More that is known. | {budget: "$(budget)"}
note | text | A note for those who sell. | high budget

# an http call | A call to another program; its answer is awaited. | url
method | one of: GET, POST, PUT, PATCH, DELETE | How; GET unless said. | POST
url | text | The address; values in it are percent-encoded. | $(env.SHOP)/orders
headers | map of text | Headers. | {Authorization: "Bearer $(env.KEY)"}
json | free | The body, as JSON. | {kind: "$(kind)"}
form | map of text | The body, as a form. | {kind: "$(kind)"}
timeout | duration | How long it waits. | 10s
retries | whole 0..10 | How often it is tried again. | 2
save | map of text | Names for parts of the answer. | {total: $.total}
on_error | steps | What is done in place of a call that failed; knows error.what, error.status and error.body. | {goto: price_down}

# a handoff | How a person takes over. |
team | text | Who is told. | support
note | text | What they should know. | wants a refund
priority | text | How urgent it is. | urgent
mute | duration | How long the bot keeps quiet; 12h unless said. | 2h
park | flag | Keep the flow, to go on afterwards. | true
reply | reply | What the customer is told. | A colleague takes over now.

# an assign | Who looks after the chat; told where a person has it. |
team | text | A team; who of it, its own 'assign' says. | sales
member | text | Somebody of a team. | $(lead.owner)

# a notify | Who is told what. | to, text
to | text | A team, a member of one, or a number. | sales
text | reply | What they are told. | "$(contact.name) waits"

# a later | Steps that are done later: exactly one of 'in' and 'at'. | do
in | duration | After so long. | 1h
at | text | At a time. | "$(day) 08:00"
id | word | A name; a later one by the same name replaces it. | rate
do | steps | What is done. | {start: rate_order}
unless | condition | Not when this holds then. | "'complained' in contact.tags"
cancel_on | one of: reply, never | Whether an answer of the customer cancels it; reply unless said. | never
late | text | Missed while the bot was down: send, drop, or up to so long; 1h unless said. | send

# an arm | One way of a branch. |
if | condition | When it is taken. | pay == 'card'
then | steps | What is done. | {call: take_card}
else | steps | What is done when no arm before holds. | {end: dropped}
note | text | A remark for readers. | paid in the shop

# an each | A loop over a list. | of, do
of | text | The list. | $(items)
as | word | The name of the item at hand. | item
index | word | The name of its number, from 1. | number
do | steps | What is done for each. | {reply: $(item)}

# a repeat | A loop. | while, do
while | expression | As long as this holds. | tries < 3
do | steps | What is done. | {ask: code}
max | whole 1..1000 | At most so often; 20 unless said. | 5

# an emit | An event. |
event | word | Its name. | paid
data | map of free | What it tells. | {amount: "$(total)"}

# an edit | A changed message. |
last | reply | What our last message becomes. | It is 12, not 10.

# a clarify | A question that offers the models' first two intents as a menu. | text
text | reply | The question. | "Did you mean:"
labels | map of reply | What intents are called there; others are not offered. | {ask_hours: Opening hours, ask_prices: Prices}

# a flow | A conversation: slots to fill, steps to take. | steps
title | text | What the customer calls it. | Order a pizza
when | triggers | What starts it: any of these. | {keyword: pizza}
if | condition | What must hold for it to start. | is_open('shop')
slots | map of shape: a slot | The answers that it keeps, by name. | {size: {type: choice, choices: [small, large], ask: Which size?}}
steps | steps | What is done, in order. | [{ask: size}, {reply: "One $(size) pizza!"}]
remind | shape: a reminder | A nudge when a question stays open. | {after: 10m, text: Still hungry?}
expire | duration | It ends when nothing came for so long; 24h unless said. | 2h
reentry | one of: ask, resume, restart, ignore | When its trigger fits while it is open. | restart
interrupt | one of: allow, ask, answer_only, never | What may come between its questions. | answer_only
resume | one of: ask, auto, drop | After something came between. | auto
cancels | one of: all, this | What ends when a called flow is cancelled: what called it too, or this flow alone; all unless said. | this
on_edit | one of: safe, pin, restart | What becomes of those inside when the file changes. | pin
private | flag | Only reachable by 'call' and 'start'. | true
on | shape: an 'on' | What is done when it is cancelled, expires, and so on. | {cancel: {reply: Order dropped.}}
note | text | A remark for readers. | asked for by the shop

# a reminder | A nudge when a question stays open. | after, text
after | duration | After so long without an answer. | 10m
text | reply | What is said. | Still hungry?
times | whole 1..10 | How often; once unless said. | 2

# an 'on' | Steps for what may happen to a flow. |
cancel | steps | The customer cancels. | {reply: Order dropped.}
timeout | steps | It expires. | {tag: abandoned_cart}
no_match | steps | An answer is not understood. | {reply: Sorry?}
resume | steps | It goes on after something came between. | {reply: Where were we?}
error | steps | A call failed; knows error.what, error.status and error.body. | {handoff: {team: shop, note: $(error.what)}}

# a slot | One answer that a flow keeps, or one field of a contact. |
type | one of: text, number, integer, money, yes_no, choice, date, time, datetime, email, phone, url, name, duration, location, media, list, any | What the answer is; text unless said. | choice
ask | reply | The question. | Which size?
reask | reply | What is said after a wrong answer. | Small or large?
choices | choices | The answers to choose from, with synonyms; "@list" or an expression. | {small: [little], large: [big]}
regex | text | What the answer must look like, whole; capitals count unless it begins with (?i). A code is found among words too. | '\\d{4,8}'
min | text | The least. | 1
max | text | The most. | 20
valid | list of shape: a check | What must hold, and what is said otherwise. | {if: count <= 10, else: At most 10.}
retries | whole 0..100 | How often it is asked again; 3 unless said. | 2
on_fail | on_fail | What is done when all tries are used; handoff unless said. | skip
default | free | Its value when nothing was said. | 1
scope | one of: flow, contact | contact: kept with the person, and not asked next time. | contact
prefill | flag | May be filled by the message that starts the flow, and by what an answer says beside. | true
sensitive | flag | Encrypted where it is stored, and shown as ••• everywhere but in the flow's own texts and calls; the message is not kept. | true
confirm | flag | What was understood is confirmed. | true
fuzzy | whole 0..2 | Typing errors allowed in a choice. | 1
entity | word | The entity of the models that fills it. | city
skip | list of text | Words that leave it empty, or at its default; the flow goes on. With these or a default, 'any is fine' and the like are heard too. | [skip, I have none]
called | list of text | What customers call it, or say before it: a value behind one of these words is this slot's, wherever it is said. | [to, going to, destination]
yes | list of text | More words for yes. | [claro]
no | list of text | More words for no. | [nunca]
note | text | A remark for readers. | needed for delivery

# a check | What must hold for an answer. | if
if | expression | What must hold. | day >= today
else | reply | What is said otherwise. | That day is gone.
"""
