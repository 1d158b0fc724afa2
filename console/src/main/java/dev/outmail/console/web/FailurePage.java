package dev.outmail.console.web;

/// What is shown in place of a page.
record FailurePage(Frame frame, int status, String message) {}
