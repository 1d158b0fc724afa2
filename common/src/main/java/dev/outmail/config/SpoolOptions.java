package dev.outmail.config;

import dev.outmail.mail.EventLimits;
import java.nio.file.Path;

/// What the `sendmail` command does with a mail. It reads this alone of a deployment, since its
/// caller waits.
///
/// @param folder an absolute path; each user who submits has a folder in it
/// @param source of the events
/// @param profile that the events name
/// @param domain of addresses that have none; empty where those are refused
/// @param startsDrainer whether the command starts who publishes; otherwise a service does that
/// @param limits what an event may be at most
public record SpoolOptions(
        Path folder,
        String source,
        String profile,
        String domain,
        boolean startsDrainer,
        EventLimits limits) {}
