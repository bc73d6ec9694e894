"""Children's social care as the Standard Safeguarding Dataset: the records of `systems.social_care` in its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.beside.tables import tables
from mash_trawl_county.people import Human
from mash_trawl_county.systems import social_care
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.tables import Tables, day
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "ssd"
APPROVE = "{distribution: mash-trawl-social-care, plugin: ssd}"
SOURCE = """
  - name: ssd
    agency: childrens_social_care
    connector: ssd
    connect: {url: file:../county/ssd.url}
    coverage: {from: 2008-04, area: North Borough}
    contact: {name: Social care systems team, telephone: "01632 960004"}"""
_TABLES = {
    "person": (
        "pers_legacy_id pers_person_id pers_upn pers_forename pers_surname pers_sex pers_gender pers_ethnicity "
        "pers_dob pers_single_unique_id pers_upn_unknown pers_send_flag pers_expected_dob pers_death_date "
        "pers_is_mother pers_nationality"
    ),
    "address": (
        "addr_table_id addr_person_id addr_address_type addr_address_start_date addr_address_end_date "
        "addr_address_postcode addr_address_json"
    ),
    "linked_identifiers": (
        "link_table_id link_person_id link_identifier_type link_identifier_value link_valid_from_date "
        "link_valid_to_date"
    ),
    "family": "fami_table_id fami_family_id fami_person_id",
    "mother": "moth_table_id moth_person_id moth_childs_person_id moth_childs_dob",
    "contacts": (
        "cont_contact_id cont_person_id cont_contact_date cont_contact_source_code cont_contact_source_desc "
        "cont_contact_outcome_json"
    ),
    "early_help_episodes": (
        "earl_episode_id earl_person_id earl_episode_start_date earl_episode_end_date earl_episode_reason "
        "earl_episode_end_reason earl_episode_organisation earl_episode_worker_id"
    ),
    "cin_episodes": (
        "cine_referral_id cine_person_id cine_referral_date cine_cin_primary_need_code cine_referral_source_code "
        "cine_referral_source_desc cine_referral_outcome_json cine_referral_nfa cine_close_reason cine_close_date "
        "cine_referral_team cine_referral_worker_id"
    ),
    "cin_assessments": (
        "cina_assessment_id cina_person_id cina_referral_id cina_assessment_start_date cina_assessment_child_seen "
        "cina_assessment_auth_date cina_assessment_outcome_json cina_assessment_outcome_nfa cina_assessment_team "
        "cina_assessment_worker_id"
    ),
    "assessment_factors": "cinf_table_id cinf_assessment_id cinf_assessment_factors_json",
    "cin_plans": (
        "cinp_cin_plan_id cinp_referral_id cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date "
        "cinp_cin_plan_team cinp_cin_plan_worker_id"
    ),
    "cin_visits": (
        "cinv_cin_visit_id cinv_person_id cinv_cin_visit_date cinv_cin_visit_seen cinv_cin_visit_seen_alone "
        "cinv_cin_visit_bedroom"
    ),
    "s47_enquiry": (
        "s47e_s47_enquiry_id s47e_referral_id s47e_person_id s47e_s47_start_date s47e_s47_end_date s47e_s47_nfa "
        "s47e_s47_outcome_json s47e_s47_completed_by_team s47e_s47_completed_by_worker_id"
    ),
    "initial_cp_conference": (
        "icpc_icpc_id icpc_icpc_meeting_id icpc_s47_enquiry_id icpc_person_id icpc_cp_plan_id icpc_referral_id "
        "icpc_icpc_transfer_in icpc_icpc_target_date icpc_icpc_date icpc_icpc_outcome_cp_flag "
        "icpc_icpc_outcome_json icpc_icpc_team icpc_icpc_worker_id"
    ),
    "cp_plans": (
        "cppl_cp_plan_id cppl_referral_id cppl_icpc_id cppl_person_id cppl_cp_plan_start_date "
        "cppl_cp_plan_end_date cppl_cp_plan_ola cppl_cp_plan_initial_category cppl_cp_plan_latest_category"
    ),
    "cp_visits": (
        "cppv_cp_visit_id cppv_person_id cppv_cp_plan_id cppv_cp_visit_date cppv_cp_visit_seen "
        "cppv_cp_visit_seen_alone cppv_cp_visit_bedroom"
    ),
    "cp_reviews": (
        "cppr_cp_review_id cppr_person_id cppr_cp_plan_id cppr_cp_review_due cppr_cp_review_date "
        "cppr_cp_review_meeting_id cppr_cp_review_outcome_continue_cp cppr_cp_review_quorate "
        "cppr_cp_review_participation"
    ),
    "cla_episodes": (
        "clae_cla_episode_id clae_person_id clae_cla_placement_id clae_cla_episode_start_date "
        "clae_cla_episode_start_reason clae_cla_primary_need_code clae_cla_episode_ceased_date "
        "clae_cla_episode_ceased_reason clae_cla_id clae_referral_id clae_cla_last_iro_contact_date "
        "clae_entered_care_date"
    ),
    "cla_placement": (
        "clap_cla_placement_id clap_cla_id clap_person_id clap_cla_placement_start_date clap_cla_placement_type "
        "clap_cla_placement_urn clap_cla_placement_distance clap_cla_placement_provider "
        "clap_cla_placement_postcode clap_cla_placement_end_date clap_cla_placement_change_reason"
    ),
    "legal_status": (
        "lega_legal_status_id lega_person_id lega_legal_status lega_legal_status_start_date lega_legal_status_end_date"
    ),
    "missing": (
        "miss_table_id miss_person_id miss_missing_episode_start_date miss_missing_episode_type "
        "miss_missing_episode_end_date miss_missing_rhi_offered miss_missing_rhi_accepted"
    ),
    "professionals": (
        "prof_professional_id prof_staff_id prof_professional_name prof_social_worker_registration_no "
        "prof_agency_worker_flag prof_professional_job_title prof_professional_caseload "
        "prof_professional_department prof_full_time_equivalency"
    ),
    "department": "dept_team_id dept_team_name dept_team_parent_id dept_team_parent_name",
    "involvements": (
        "invo_involvements_id invo_professional_id invo_professional_role_id invo_professional_team "
        "invo_person_id invo_involvement_start_date invo_involvement_end_date invo_worker_change_reason "
        "invo_referral_id"
    ),
    "disability": "disa_table_id disa_person_id disa_disability_code",
    "pre_proceedings": (
        "prep_table_id prep_person_id prep_plo_family_id prep_pre_pro_decision_date "
        "prep_initial_pre_pro_meeting_date prep_pre_pro_outcome prep_agree_stepdown_issue_date "
        "prep_legal_gateway_outcome prep_court_reference"
    ),
}
SCHEMA = "".join(
    f"create table ssd_{name}({', '.join(f'{column} text' for column in columns.split())});\n"
    for name, columns in _TABLES.items()
)
_KINDS = {
    "contact": (
        "ssd_contacts", "cont_contact_id", "cont_person_id", "cont_contact_date", "", "cont_contact_source_desc",
    ),
    "referral": ("ssd_cin_episodes", "cine_referral_id", "cine_person_id", "cine_referral_date", "", ""),
    "assessment": (
        "ssd_cin_assessments", "cina_assessment_id", "cina_person_id", "cina_assessment_start_date",
        "cina_assessment_auth_date", "",
    ),
    "s47": ("ssd_s47_enquiry", "s47e_s47_enquiry_id", "s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date", ""),
    "icpc": ("ssd_initial_cp_conference", "icpc_icpc_id", "icpc_person_id", "icpc_icpc_date", "", ""),
    "cp_plan": (
        "ssd_cp_plans", "cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "",
    ),
    "cin_plan": (
        "ssd_cin_plans", "cinp_cin_plan_id", "cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date", "",
    ),
    "visit": ("ssd_cin_visits", "cinv_cin_visit_id", "cinv_person_id", "cinv_cin_visit_date", "", ""),
    "missing": (
        "ssd_missing", "miss_table_id", "miss_person_id", "miss_missing_episode_start_date",
        "miss_missing_episode_end_date", "",
    ),
    "legal_status": (
        "ssd_legal_status", "lega_legal_status_id", "lega_person_id", "lega_legal_status_start_date",
        "lega_legal_status_end_date", "",
    ),
    "worker": (
        "ssd_involvements", "invo_involvements_id", "invo_person_id", "invo_involvement_start_date",
        "invo_involvement_end_date", "invo_professional_team",
    ),
}  # fmt: skip
"""Kind of a trace to table, and its columns of key, person, first day, last day and words."""


def ref(person: Human) -> str:
    """The key of a person."""
    return f"S-{person.id}"


def records(built: Built) -> Sequence[Trace]:
    """Social care's own."""
    return built.told(social_care.NAME)


def write(folder: Path, built: Built) -> None:
    """A new `ssd.db`."""
    people, known = built.people(), social_care.held(built)
    with tables(folder, NAME, SCHEMA) as made:
        for ident in sorted(known):
            _person(made, people[ident], built)
        for number, tie in enumerate(tie for tie in built.ties if {tie.a, tie.b} <= known):
            if (tie.kind, tie.nature, people[tie.a].sex) == ("parent", "birth", "F"):
                made.put("ssd_mother", {
                    "moth_table_id": f"M{number}", "moth_person_id": ref(people[tie.a]),
                    "moth_childs_person_id": ref(people[tie.b]),
                })  # fmt: skip
        for trace in records(built):
            for ident, _ in trace.people:
                _record(made, trace, ref(people[ident]))


def _person(made: Tables, person: Human, built: Built) -> None:
    own = held_as(person, social_care.NAME, built.spelling)
    made.put("ssd_person", {
        "pers_person_id": ref(person), "pers_forename": own.given, "pers_surname": own.family, "pers_sex": own.sex,
        "pers_dob": day(own.born), "pers_expected_dob": day(person.due), "pers_death_date": day(person.died),
        "pers_upn": own.upn or None, "pers_single_unique_id": own.nhs or None,
    })  # fmt: skip
    if own.home:
        number, _, street = own.home.line.partition(" ")
        made.put("ssd_address", {
            "addr_table_id": f"A-{person.id}", "addr_person_id": ref(person), "addr_address_type": "HOME",
            "addr_address_postcode": own.home.postcode,
            "addr_address_json": json.dumps({"HOUSE": number, "STREET": street, "UPRN": own.home.uprn}),
        })  # fmt: skip


def kind_of(trace: Trace) -> str:
    """The kind of a social care record; a kind that is no word of ours is a legal status."""
    return trace.kind.lower() if trace.kind.lower() in _KINDS else social_care.USUAL[trace.category]


def _record(made: Tables, trace: Trace, person: str) -> None:
    table, key, about, start, end, words = _KINDS[kind_of(trace)]
    told = trace.details
    row: dict[str, Any] = {key: trace.ref, about: person, start: day(trace.on)}
    row |= {end: day(trace.until)} if end else {}
    row |= {words: trace.words} if words else {}
    row |= {
        "cont_contact_source_code": told.get("source_code"), "cine_referral_source_code": told.get("source_code"),
        "cine_cin_primary_need_code": told.get("need_code"), "lega_legal_status": trace.kind,
        "cppl_cp_plan_initial_category": told.get("initial_category"),
        "cppl_cp_plan_latest_category": told.get("initial_category"), "miss_missing_episode_type": "M",
        "miss_missing_rhi_offered": told.get("interview_offered"),
        "miss_missing_rhi_accepted": told.get("interview_accepted"),
    }  # fmt: skip
    made.put(table, row)
    if codes := told.get("factors", "").split():
        made.put("ssd_assessment_factors", {
            "cinf_table_id": f"{trace.ref}-{person}", "cinf_assessment_id": trace.ref,
            "cinf_assessment_factors_json": json.dumps(codes),
        })  # fmt: skip
