# The rules of disclosure for OPA: input.documents are the documents of one request.
package disclosure

laws := {"703/2023 56 §", "703/2023 62 §", "703/2023 63 §", "703/2023 64 §"}

tasks := {"elderly", "families", "child-protection", "family-law", "substance", "working-age", "disability"}

productions := {"own", "purchased", "voucher", "private"}

answers := [answer(d) | some d in input.documents]

answer(d) := "denied D1" if {
	not input.stated
} else := "denied D13" if {
	input.at == 0
} else := "denied D7" if {
	input.law != ""
	not input.law in laws
} else := "denied D16" if {
	not input.purpose
} else := "denied V1" if {
	not of_client(d)
} else := "denied V3" if {
	superseded(d)
} else := "denied V11" if {
	not current(d)
} else := "denied D14" if {
	not d.verified
} else := "flagged D7" if {
	input.law != ""
} else := "denied D15" if {
	input.acting
	not input.works
} else := "allowed D15" if {
	input.acting
	input.side == d.controller
} else := "allowed D6" if {
	input.side == d.controller
} else := "denied D19" if {
	not discloseable(d)
} else := "denied D1" if {
	not permitted(d.own)
} else := "denied D4" if {
	prohibited(d.own, d)
} else := "denied D16" if {
	not input.relationship
	not input.reason
} else := "denied D18" if {
	not others_allow(d)
} else := "allowed D2"

of_client(d) if {
	d.client
	d.clients >= 1
}

superseded(d) if d.version < d.newest

superseded(d) if d.status in {"voided", "replaced"}

current(d) if {
	d.status == "current"
	d.version >= 1
	d.version == d.newest
}

discloseable(d) if {
	d.phase >= 2
	d.valid
	family_open(d)
	kind_known(d)
	clients_agree(d)
	d.named
	d.dated
	d.language in {"fi", "sv"}
	d.shared != ""
	d.special != ""
	d.withheld != ""
	d.released != ""
}

family_open(d) if d.family in {"ordinary", "journal", "relationship", "whereabouts"}

family_open(d) if {
	d.family == "release"
	d.released == "yes"
}

kind_known(d) if {
	d.kind == "document"
	d.task in tasks
	d.production in productions
}

kind_known(d) if {
	d.kind in {"relationship", "case"}
	d.task in (tasks | {""})
	d.production in (productions | {""})
}

clients_agree(d) if d.clients <= 1

clients_agree(d) if d.shared == "yes"

permitted(declared) if {
	declared.found
	declared.given
	declared.since <= input.at
}

prohibited(declared, d) if d.set in declared.documents

prohibited(declared, d) if d.task in declared.tasks

prohibited(declared, d) if d.controller in declared.controllers

prohibited(declared, _) if declared.everything

prohibited(declared, d) if {
	d.task == ""
	count(declared.tasks) > 0
}

others_allow(d) if {
	d.otherClients + 1 >= d.clients
	not d.others.found
}

others_allow(d) if {
	d.otherClients + 1 >= d.clients
	permitted(d.others)
	not prohibited(d.others, d)
}
