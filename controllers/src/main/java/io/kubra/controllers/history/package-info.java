/** The revisions of templates that StatefulSets and DaemonSets keep, and go back to. */
@NullMarked
package io.kubra.controllers.history;

import org.jspecify.annotations.NullMarked;
