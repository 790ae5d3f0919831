/** The agent process: node agent, service proxy, DNS and routes. */
@NullMarked
package io.kubra.cli.agent;

import org.jspecify.annotations.NullMarked;
