/**
 * The default storage: folders on the nodes' own disks. Runs beside the API server under an account
 * of its own; folders are made and removed by the agents of the nodes, asked through annotations of
 * the Node objects. Everything is found again from the API after a restart.
 */
@NullMarked
package io.kubra.storage.local;

import org.jspecify.annotations.NullMarked;
