/** Rules of autoscalers and the translation between their two versions. */
@NullMarked
package io.kubra.apiserver.rules.autoscaling;

import org.jspecify.annotations.NullMarked;
