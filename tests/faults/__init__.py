"""What the portal has to survive, with real servers, real processes and signals. `make faults` runs it.

Which module shows what, for one revocation or read, and for a whole offboarding:

| row | what goes wrong | one revocation or read | an offboarding |
|---|---|---|---|
| F1, F2, F5 | a child or a whole worker is killed; a deployment | test_kills | test_offboarding |
| F3 | killed between the 204 and the commit | test_kills | test_offboarding_network |
| F4 | killed between the commit and the bell | test_redis_away | by the same work queue |
| F6 | Redis is emptied | test_redis_away | test_offboarding |
| F7, F8 | Redis is away or half open | test_redis_away | by the same work queue |
| F9 | PostgreSQL restarts | test_postgres_away | test_offboarding_postgres |
| F10 | PostgreSQL is away | test_postgres_away | by the same work queue |
| F11 | 429 | test_answers, test_reading | test_offboarding_answers |
| F12 | errors, then an answer | test_answers | tests/offboarding/test_cut, test_clean_up |
| F13 | a key is refused | test_answers, test_reading | test_offboarding (key), test_offboarding_answers (bot) |
| F14 | half open, slow, cut, kept answers | test_network | test_offboarding_network |
| F15, F16, F17 | odd bodies and pages | test_answers, test_reading | tests/offboarding/test_clean_up |
| F18, F28 | tokens, grants and keys that are made meanwhile | test_reading | test_offboarding, its _answers (key) |
| F19, F20 | delivered ten times; frozen and woken | test_kills | test_offboarding |
| F21 | a wrong clock | test_kills | by the same work queue |
| F22, F23 | two admins; a role that is taken away | | tests/offboarding/test_together, test_guards |
| F24 | called off while it runs | | test_offboarding |
| F25 | two beats | test_kills | test_offboarding |
| F26 | a job that always crashes | test_kills | by the same work queue |
| F27 | the bot or the key lost its right | test_answers, test_reading | test_offboarding (bot), its _answers (key) |
| F29 | a decoy with the same code | test_decoys | an offboarding deletes whatever its account holds |
| | a 204 that keeps it | test_answers | test_offboarding |
| | seeded kills | test_seeded_kills | test_offboarding |

`test_keys` shows F1, F2, F3, F12, F13, F19, F27, a 204 that keeps it and seeded kills for deploy keys: adding them,
replacing and deleting them.
"""
