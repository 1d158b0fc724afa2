package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

/// What the oracle found when all was over.
///
/// @param accepted events that the publisher was told are safe
/// @param lost accepted, and neither at the server nor ended otherwise in the log
/// @param doubled copies beyond the first
/// @param doubledWithoutDoubt events that came twice without ever having been in doubt
/// @param inDoubt events that were in doubt
/// @param foreign at the server and never published
/// @param garbled arrived with another body, recipient or Message-ID
/// @param endedTwice with several final outcomes that differ
/// @param saidSentButAbsent sent according to the log, not at the server
/// @param presentButNotSaid at the server, neither sent nor in doubt according to the log
/// @param passedUnfinished committed past, with nothing in the log
record Findings(
        int accepted,
        Set<String> lost,
        int doubled,
        Set<String> doubledWithoutDoubt,
        int inDoubt,
        Set<String> foreign,
        Set<String> garbled,
        Set<String> endedTwice,
        Set<String> saidSentButAbsent,
        Set<String> presentButNotSaid,
        Set<String> passedUnfinished) {

    /// What holds whatever goes wrong: I1 to I5.
    Findings assertSound() {
        assertThat(lost).as("I1: lost").isEmpty();
        assertThat(endedTwice).as("I1: ended in two ways").isEmpty();
        assertThat(doubledWithoutDoubt).as("I2: doubled, never in doubt").isEmpty();
        assertThat(foreign).as("I3: arrived, never published").isEmpty();
        assertThat(garbled).as("I3: arrived changed").isEmpty();
        assertThat(saidSentButAbsent).as("I4: said to be sent, not there").isEmpty();
        assertThat(presentButNotSaid).as("I4: there, not said to be").isEmpty();
        assertThat(passedUnfinished).as("I5: committed past unfinished").isEmpty();
        return this;
    }
}
