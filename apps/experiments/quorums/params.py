"""What may be set in the quorum lab?"""

from __future__ import annotations

from apps.experiments.params import Choice, Param

GROUP, NETWORK, PARTITION = "Quorum", "Network", "Partition"
CUT = {"partition": ("minority", "half")}

PARAMS = {
    "n": Param("Copies N", 3, "How many replicas hold each object.", group=GROUP, low=1, high=9, step=1),
    "r": Param("Read quorum R", 1, "Answers that a read waits for. All copies are asked.", group=GROUP,
               low=1, high=9, step=1),
    "w": Param("Write quorum W", 1, "Acknowledgements that a write waits for.", group=GROUP, low=1, high=9, step=1),
    "send_to": Param("Writes go to", "all", "Which copies are sent a write.", group=GROUP, choices=(
        Choice("all", "All copies", "The client waits for W of them; the others get it as well."),
        Choice("quorum", "W copies", "Drawn evenly for each write. The others are not told."),
    )),
    "repair": Param("Read repair", "no", "What a read does with copies that answer with an old version.", group=GROUP,
                    choices=(Choice("no", "Nothing"), Choice("yes", "It sends them the newest version seen"))),
    "delay": Param("Message times", "exponential", "How much the times of messages differ.", group=NETWORK, choices=(
        Choice("exponential", "Exponential", "They vary as much as their mean."),
        Choice("lognormal", "Log-normal", "As real networks: the deviation is twice the mean."),
        Choice("fixed", "Fixed", "Each takes exactly its mean."),
    )),
    "write_delay_ms": Param("Write to a copy", 10.0, "Mean time until a copy has a write.", group=NETWORK, unit="ms",
                            low=0.1, high=1_000.0, step=0.1),
    "ack_ms": Param("Acknowledgement", 1.0, "Mean time of the way back.", group=NETWORK, unit="ms", low=0.0,
                    high=1_000.0, step=0.1),
    "read_ms": Param("Read request, answer", 1.0, "Mean time of each of the two.", group=NETWORK, unit="ms", low=0.0,
                     high=1_000.0, step=0.1),
    "timeout_ms": Param("Timeout", 500.0, "After this a read or write has failed.", group=NETWORK, unit="ms", low=10.0,
                        high=5_000.0, step=10.0),
    "rate": Param("Writes", 500.0, "Per second; each is followed by one read of the same object.", unit="/s", low=10.0,
                  high=1_000.0, step=10.0),
    "objects": Param("Objects", 100_000, "Writes are spread evenly over them. Few objects: many versions in a short "
                     "time.", low=1, high=100_000, step=1),
    "read_after_ms": Param("Read after", 0.0, "From the end of the write to the read, by anybody.", unit="ms", low=0.0,
                           high=10_000.0, step=1.0),
    "duration_s": Param("Length", 60.0, "Simulated time.", unit="s", low=2.0, high=120.0, step=1.0),
    "partition": Param("Partition", "none", "Which copies are cut off for a while.", group=PARTITION, choices=(
        Choice("none", "None"),
        Choice("minority", "A minority", "The most that leave a majority together: one of three, two of five."),
        Choice("half", "Half of them", "Needs an even number of copies."),
    )),
    "partition_at_s": Param("It begins", 20.0, "Second of the run.", group=PARTITION, unit="s", low=0.0, high=119.0,
                            step=1.0, applies=CUT),
    "partition_s": Param("It lasts", 20.0, "Until the network is whole again.", group=PARTITION, unit="s", low=0.1,
                         high=120.0, step=0.1, applies=CUT),
    "side": Param("Clients sit with", "majority", "On which side of the cut the clients are.", group=PARTITION,
                  applies=CUT, choices=(
        Choice("majority", "The majority", "Of two halves, the first."),
        Choice("minority", "The copies cut off"),
        Choice("both", "Half of them on each side", "Who reads and who writes may be on different sides."),
    )),
}  # fmt: skip
