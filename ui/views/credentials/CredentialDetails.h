// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/CredentialUse.h"
#include "ui/views/DetailsText.h"

#include <memory>

namespace weir {

/// What a broker tells of the chosen credential: what it allows, who uses it, who came and went with it, who
/// was not let in; without a choice, what the list rests on. gui thread.
class CredentialDetails : public DetailsText
{
    Q_OBJECT
public:
    explicit CredentialDetails(QWidget* parent = nullptr);

    /// `id`: see CredentialUse; empty: none is chosen.
    void show(std::shared_ptr<const CredentialList> list, const QString& id);

signals:
    /// Of an identity.
    void messagesWanted(const QString& name);
    /// A name to look for in the topology.
    void topologyWanted(const QString& name);

protected:
    [[nodiscard]] QString body() const override;

private:
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QString useText(const CredentialUse& use) const;
    [[nodiscard]] QString connectionText(const CredentialUse& use, const CredentialConnection& each) const;

    std::shared_ptr<const CredentialList> m_list = std::make_shared<const CredentialList>();
    QString m_id;
};

} // namespace weir
