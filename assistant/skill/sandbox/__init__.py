"""Third-party skills in processes of their own: confined by the kernel, supervised from here.

The parent never imports such a skill. :mod:`~assistant.skill.sandbox.isolated` starts a child that does, and gives the
loader a module of stand-ins with the same signatures. What a skill asks of the assistant is a message that is checked
against the granted permissions on both sides; the child's own check gives a readable error, the parent's is the one
that counts. The kernel (:mod:`~assistant.skill.sandbox.confine`) keeps the child from everything else.
"""
