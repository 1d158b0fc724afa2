package dev.outmail.delivery.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/// Lets a guarded socket know of the TLS socket that Angus puts upon it after STARTTLS, and keeps
/// to itself. For nothing else: we dial ourselves.
final class TlsUponGuard extends SSLSocketFactory {
    private final SSLSocketFactory factory;

    TlsUponGuard(SSLSocketFactory factory) {
        this.factory = factory;
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
            throws IOException {
        Socket tls = factory.createSocket(socket, host, port, autoClose);
        if (socket instanceof GuardedSocket guarded) {
            guarded.securedBy(tls);
        }
        return tls;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw dialled();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw dialled();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw dialled();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw dialled();
    }

    private static UnsupportedOperationException dialled() {
        return new UnsupportedOperationException("connections are dialled by the Connector");
    }
}
