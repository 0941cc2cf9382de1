"""A small process that scenarios are tried on."""

PROCESS = """
process: visit
version: 1
title: Visits
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
key: only
name: Visits
inputs: {schools: {type: list of school, default: [ash, beech]}}
values: {seen: 0}
steps:
- for_each: visits
  over: {school: schools}
  steps:
  - task: look
    title: "Look around {{ school }}"
    who: headteacher at school
    due: 3 school days after opened
    remind: [1]
    escalate: {2: line-manager}
    form: {rooms: {type: integer}, note: {type: text, required: false}}
  - task: agree
    title: Agree
    who: school-improvement-officer or ceo
    due: 3 school days after opened
    outcomes:
      well: {label: It is so}
      again: {label: Look again, return_to: look, at_most: 1}
- set: {seen: "visits.map(v, v.look.rooms)[0]"}
- notify: news
  to: ceo
  subject: All is seen
  body: It is.
- wait: appeal
  event: appeal-raised
  by: ceo
  until: 5 school days after opened
- choose: large
  cases:
  - when: seen > 10
    label: a large school
    steps: [{task: thank, title: Say thank you, who: ceo}]
outcomes:
  large: {when: seen > 10, title: Large}
  small: {title: Small}
"""
