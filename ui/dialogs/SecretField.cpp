// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/SecretField.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>

namespace weir {

namespace {
using Kind = SecretRef::Kind;
}

SecretField::SecretField(const QString& name, const QString& label, QWidget* parent)
    : QWidget(parent), m_source(new QComboBox(this)), m_line(new QLineEdit(this))
{
    m_line->setObjectName(name);
    m_line->setAccessibleName(label);
    m_source->setObjectName(name + QStringLiteral("Source"));
    m_source->setAccessibleName(tr("Where the secret is: %1").arg(label));
    m_source->addItem(tr("Type it now"), static_cast<int>(Kind::Literal));
    m_source->addItem(tr("Environment variable"), static_cast<int>(Kind::Environment));
    m_source->addItem(tr("Keyring entry"), static_cast<int>(Kind::Keyring));
    m_source->addItem(tr("File"), static_cast<int>(Kind::File));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_source);
    layout->addWidget(m_line, 1);
    connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
        m_line->clear();
        showSource();
        emit changed();
    });
    connect(m_line, &QLineEdit::textChanged, this, &SecretField::changed);
    showSource();
}

void SecretField::showSource()
{
    const auto kind = static_cast<Kind>(m_source->currentData().toInt());
    m_line->setEchoMode(kind == Kind::Literal ? QLineEdit::Password : QLineEdit::Normal);
    switch (kind) {
    case Kind::Literal:
        m_line->setPlaceholderText(m_kept.isSet() ? tr("as the context has it")
                                                  : tr("kept in the keyring, never in a file"));
        break;
    case Kind::Environment:
        m_line->setPlaceholderText(tr("its name, e.g. NATS_PASSWORD"));
        break;
    case Kind::Keyring:
        m_line->setPlaceholderText(tr("its name"));
        break;
    case Kind::File:
        m_line->setPlaceholderText(tr("its path"));
        break;
    case Kind::None:
        break;
    }
}

SecretRef SecretField::secret() const
{
    const auto kind = static_cast<Kind>(m_source->currentData().toInt());
    const std::string text = m_line->text().toStdString();
    if (text.empty())
        return kind == Kind::Literal ? m_kept : SecretRef{};
    switch (kind) {
    case Kind::Environment:
        return SecretRef::environment(text);
    case Kind::Keyring:
        return SecretRef::keyring(text);
    case Kind::File:
        return SecretRef::file(text);
    case Kind::Literal:
    case Kind::None:
        break;
    }
    return SecretRef::inClear(text);
}

void SecretField::setSecret(const SecretRef& secret)
{
    m_kept = secret.kind == Kind::Literal ? secret : SecretRef{};
    const Kind shown = secret.isSet() ? secret.kind : Kind::Literal;
    m_source->setCurrentIndex(m_source->findData(static_cast<int>(shown)));
    m_line->setText(secret.kind == Kind::Literal ? QString() : QString::fromStdString(secret.name));
    showSource();
}

} // namespace weir
