"""Every assumption of the generator as a number. Shares are of 1; none is measured on police data.

Where they come from: recording rates from published inspections, the others assumed. They show
which method is better, never how good one is on real records.
"""

from dataclasses import dataclass, fields, replace

_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Rates:
    """How often what happens. Names with `slip_` are errors, which `noisier` multiplies."""

    # What police do
    unrecorded: float = 0.13
    unrecorded_sexual: float = 0.26
    late: float = 0.08
    cancelled: float = 0.03
    community: float = 0.04
    downgraded: float = 0.09
    """Of crimes of which a lesser writing is known, two in three: 6 % of all."""
    transferred: float = 0.01
    two_records: float = 0.03
    incident_note: float = 0.15
    """Of unrecorded rapes: noted as an incident, N100, which is no crime record."""

    # Who else has a record
    repeat: float = 0.34
    more_repeats: float = 0.42
    housemate: float = 0.2
    co_victim: float = 0.05
    housemate_reports: float = 0.06
    """Of crimes against a household: reported by one, recorded for another of them."""

    # Reports
    duplicate: float = 0.02
    handover: float = 0.2
    sexual: float = 0.08
    no_name: float = 0.17
    no_birth_date: float = 0.46
    no_reference: float = 0.38
    no_telephone: float = 0.50
    no_email: float = 0.52
    no_postcode: float = 0.36
    no_town: float = 0.12
    no_date: float = 0.04
    no_force: float = 0.03
    only_forename: float = 0.06
    only_birth_year: float = 0.03
    incident_given: float = 0.25
    """Of the numbers typed: the number of the call, not of the crime."""
    number_of_another: float = 0.35
    """Of unrecorded repeat victims: were given the number of another of their crimes."""
    number_of_another_recorded: float = 0.02
    call_logged: float = 0.45
    """Of other unrecorded: have the number of the call."""
    approximate: float = 0.3
    short_form: float = 0.2

    # Records
    record_no_name: float = 0.02
    record_no_birth_date: float = 0.1
    record_no_telephone: float = 0.25
    record_no_email: float = 0.6
    record_no_postcode: float = 0.1
    record_no_incident: float = 0.12
    record_short_form: float = 0.04

    # Errors, doubled by doubled noise
    slip_force: float = 0.03
    slip_reference: float = 0.08
    slip_wrong_box: float = 0.1
    slip_name: float = 0.035
    slip_swapped: float = 0.015
    slip_spelling: float = 0.2
    slip_changed_surname: float = 0.04
    slip_birth_date: float = 0.025
    slip_telephone: float = 0.02
    slip_other_telephone: float = 0.1
    slip_email: float = 0.02
    slip_other_email: float = 0.12
    slip_postcode: float = 0.03
    slip_home_postcode: float = 0.3
    slip_date: float = 0.08
    slip_told: float = 0.26
    slip_category: float = 0.04
    slip_record_name: float = 0.02
    slip_record_date: float = 0.025

    def noisier(self, factor: float) -> "Rates":
        """The same with every error `factor` times as frequent, at most 60 in a hundred."""
        return replace(
            self,
            **{
                one.name: min(_MOST, getattr(self, one.name) * factor)
                for one in fields(self)
                if one.name.startswith("slip_")
            },
        )
