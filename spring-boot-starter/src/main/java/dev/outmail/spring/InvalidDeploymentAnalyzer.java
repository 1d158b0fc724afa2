package dev.outmail.spring;

import dev.outmail.config.InvalidDeployment;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says what is wrong with the application's properties by their names there.
final class InvalidDeploymentAnalyzer extends AbstractFailureAnalyzer<InvalidDeployment> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDeployment cause) {
        var problems =
                cause.problems().stream()
                        .map(problem -> "    outmail." + problem)
                        .collect(Collectors.joining("\n"));
        return new FailureAnalysis(
                "Outmail's properties can't be used:\n\n" + problems,
                "Correct them in the application's configuration; the servers may stand in"
                        + " spring.kafka.bootstrap-servers, too. outmail.enabled=false does without"
                        + " Outmail.",
                cause);
    }
}
