package dev.outmail.cli;

import picocli.CommandLine.IVersionProvider;

/// The version, as the jar's manifest says it.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "outmail " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
        };
    }
}
