package dev.outmail.testkit.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Says a line, reads the last line of the answer.
final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Client(ScriptedSmtpServer server) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    List<String> say(String... lines) throws IOException {
        var answers = new ArrayList<String>();
        answers.add(answer());
        for (String line : lines) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            answers.add(answer());
        }
        return answers;
    }

    private String answer() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "<end>" : line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
