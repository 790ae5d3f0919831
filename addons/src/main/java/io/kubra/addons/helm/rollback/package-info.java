/**
 * Rolling back, which the library does not export: the earlier revision's objects become a chart of
 * their own, Helm's upgrade applies it (three-way merge, waiting, hooks), and the revision it
 * stores is then completed to what Helm's rollback would have stored.
 */
@NullMarked
package io.kubra.addons.helm.rollback;

import org.jspecify.annotations.NullMarked;
