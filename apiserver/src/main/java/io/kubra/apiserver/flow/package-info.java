/**
 * Priority and fairness (KEP-1040): every request belongs to the first flow schema that matches it,
 * and waits in the queues of that schema's priority level until seats are free. Levels share the
 * server's seats, lend them and borrow them. Requests wait on their own threads; the shared state
 * of each level is behind one short lock.
 */
@NullMarked
package io.kubra.apiserver.flow;

import org.jspecify.annotations.NullMarked;
