// SPDX-License-Identifier: Apache-2.0
/** What every module that shows text to people needs. */
package org.bpfdump.text;
