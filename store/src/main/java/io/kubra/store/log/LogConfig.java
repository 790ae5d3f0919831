package io.kubra.store.log;

import java.nio.file.Path;

/**
 * Where the log is and how large its pieces are.
 *
 * @param directory where the files are; made when it does not exist
 * @param segmentBytes the size of a segment, allocated ahead
 * @param snapshotAfterBytes a snapshot is written once the log has grown by this, or by the size of
 *     the last snapshot if that is more
 * @param reserveBytes no segment is allocated if that leaves less space on the disk
 */
public record LogConfig(
    Path directory, int segmentBytes, long snapshotAfterBytes, long reserveBytes) {}
