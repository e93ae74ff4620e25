// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <string>
#include <vector>

namespace weir {

/// Weir's own connection profiles: one JSON file each, mode 0600, replaced atomically. Secrets are never in
/// them, only where they are. Any thread; two writers of one profile: the later one wins whole.
class ProfileStore
{
public:
    /// `dir` empty: `profiles` in the platform's config folder of this application.
    explicit ProfileStore(std::string dir = {});

    [[nodiscard]] const std::string& dir() const { return m_dir; }
    [[nodiscard]] std::vector<std::string> list() const;
    [[nodiscard]] Result<LoadedProfile> load(const std::string& name) const;
    /// Refuses (Usage) a profile that holds a secret in clear: storeSecret() first.
    [[nodiscard]] Result<void> save(const ConnectionProfile& profile) const;
    [[nodiscard]] Result<void> remove(const std::string& name) const;

    /// Puts a secret into the keyring and returns the reference to it. May ask the user to unlock it: not on
    /// the GUI thread.
    [[nodiscard]] static Result<SecretRef> storeSecret(const std::string& entry, const Secret& secret);

private:
    [[nodiscard]] Result<std::string> path(const std::string& name) const;
    std::string m_dir;
};

} // namespace weir
