/// Deployment configuration: what an operator says once, in a file or the environment.
@NullMarked
package dev.outmail.config;

import org.jspecify.annotations.NullMarked;
