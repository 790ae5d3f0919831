package io.kubra.node.logs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is wanted.
 *
 * @param follow whether to wait for more until the container ends
 * @param previous whether the instance before the present one is meant
 * @param timestamps whether each line begins with its time
 * @param since the time of the first line, or null for the beginning
 * @param tail how many of the last lines, or -1 for all
 * @param limit the most bytes to send, or -1 for all
 * @param stdout whether standard output is wanted
 * @param stderr whether standard error is wanted
 */
public record LogQuery(
    boolean follow,
    boolean previous,
    boolean timestamps,
    @Nullable Instant since,
    long tail,
    long limit,
    boolean stdout,
    boolean stderr) {}
