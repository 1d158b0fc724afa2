package dev.outmail.testkit.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class SmtpSinkIT {

    @Test
    void theSinkGreetsAndEndsWithItsHandle() throws Exception {
        assumeThat(SmtpSink.installed()).as(SmtpSink.HOW_TO_INSTALL).isPresent();

        long pid;
        try (var sink = SmtpSink.start();
                var socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
            pid = sink.pid();
            assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("220 ");
        }

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
