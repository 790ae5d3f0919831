/**
 * The actions that probes and life-cycle hooks share: commands, HTTP requests, TCP and gRPC checks.
 */
@NullMarked
package io.kubra.node.action;

import org.jspecify.annotations.NullMarked;
