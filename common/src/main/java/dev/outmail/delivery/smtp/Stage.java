package dev.outmail.delivery.smtp;

/// How far an attempt has come.
enum Stage {
    RESOLVE,
    CONNECT,
    /// A handshake, from the first byte or after STARTTLS.
    TLS,
    GREETING,
    EHLO,
    STARTTLS,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /// 354 was read, the message is being written.
    CONTENT,
    /// The dot that ends the message is handed to the socket: from here on the server may have it.
    FINAL_DOT
}
