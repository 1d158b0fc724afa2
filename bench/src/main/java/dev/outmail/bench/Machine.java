package dev.outmail.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// What the figures are figures of.
final class Machine {
    private Machine() {}

    static String describe() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%d cores, %.0f GB, %s %s, %s %s; load %.2f",
                system.getAvailableProcessors(),
                system.getTotalMemorySize() / 1e9,
                system.getName(),
                system.getVersion(),
                System.getProperty("java.vm.name"),
                Runtime.version(),
                system.getSystemLoadAverage());
    }
}
