// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/ProfileForm.h"

#include "ui/dialogs/PathField.h"
#include "ui/dialogs/SecretField.h"
#include "ui/window/WidgetState.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>

namespace weir {

namespace {

QLineEdit* line(const QString& name, const QString& label, QWidget* parent)
{
    auto* field = new QLineEdit(parent);
    field->setObjectName(name);
    field->setAccessibleName(label);
    return field;
}

std::vector<std::string> urlsOf(const QString& text)
{
    static const QRegularExpression kBetween(QStringLiteral("[\\s,;]+"));
    std::vector<std::string> urls;
    for (const QString& url : text.split(kBetween, Qt::SkipEmptyParts))
        urls.push_back(url.toStdString());
    return urls;
}

QString pathText(const std::string& path)
{
    return QString::fromStdString(path);
}

} // namespace

ProfileForm::ProfileForm(QWidget* parent)
    : QWidget(parent),
      m_name(line(QStringLiteral("profileName"), tr("Name"), this)),
      m_urls(line(QStringLiteral("profileUrls"), tr("URLs"), this)),
      m_monitor(line(QStringLiteral("profileMonitor"), tr("Monitoring URL"), this)),
      m_form(new QFormLayout(this))
{
    m_name->setPlaceholderText(tr("needed to keep it, e.g. production-eu"));
    m_urls->setPlaceholderText(tr("nats://host:4222, tls://host:4222; several with a space between"));
    m_monitor->setPlaceholderText(tr("http://host:8222, optional: who is connected, what they publish"));
    m_form->setContentsMargins(12, 12, 12, 12);
    m_form->setVerticalSpacing(6);
    m_form->addRow(tr("&Name"), m_name);
    m_form->addRow(tr("&URLs"), m_urls);
    buildCredentials();
    buildTls();
    m_form->addRow(tr("&Monitoring"), m_monitor);
    m_system = new PathField(QStringLiteral("profileSystemCreds"), tr("System account creds file"),
                             PathField::Kind::Existing);
    m_system->setToolTip(tr("Optional: a user of the system account, through whom all servers tell who is "
                            "connected, and when something changes"));
    m_form->addRow(tr("System account"), m_system);
    connect(m_system, &PathField::changed, this, &ProfileForm::changed);
    for (QLineEdit* field : {m_name, m_urls, m_monitor})
        connect(field, &QLineEdit::textChanged, this, &ProfileForm::changed);
    setProfile({});
}

void ProfileForm::buildCredentials()
{
    m_credentials = new QComboBox(this);
    m_credentials->setObjectName(QStringLiteral("profileCredentials"));
    m_credentials->setAccessibleName(tr("Credentials"));
    m_credentials->addItems(
        {tr("None"), tr("Creds file"), tr("nkey seed file"), tr("User and password"), tr("Token")});
    m_creds = new PathField(QStringLiteral("profileCreds"), tr("Creds file"), PathField::Kind::Existing);
    m_nkey = new PathField(QStringLiteral("profileNkey"), tr("nkey seed file"), PathField::Kind::Existing);
    m_user = line(QStringLiteral("profileUser"), tr("User"), this);
    m_password = new SecretField(QStringLiteral("profilePassword"), tr("Password"));
    m_token = new SecretField(QStringLiteral("profileToken"), tr("Token"));
    m_form->addRow(tr("&Credentials"), m_credentials);
    m_form->addRow(tr("File"), m_creds);
    m_form->addRow(tr("File"), m_nkey);
    m_form->addRow(tr("User"), m_user);
    m_form->addRow(tr("Password"), m_password);
    m_form->addRow(tr("Token"), m_token);
    connect(m_credentials, &QComboBox::currentIndexChanged, this, &ProfileForm::showCredentialRows);
    connect(m_credentials, &QComboBox::currentIndexChanged, this, &ProfileForm::changed);
    connect(m_user, &QLineEdit::textChanged, this, &ProfileForm::changed);
    for (PathField* field : {m_creds, m_nkey})
        connect(field, &PathField::changed, this, &ProfileForm::changed);
    for (SecretField* field : {m_password, m_token})
        connect(field, &SecretField::changed, this, &ProfileForm::changed);
}

void ProfileForm::showCredentialRows()
{
    const auto chosen = static_cast<Credentials>(m_credentials->currentIndex());
    m_form->setRowVisible(m_creds, chosen == Credentials::CredsFile);
    m_form->setRowVisible(m_nkey, chosen == Credentials::Nkey);
    m_form->setRowVisible(m_user, chosen == Credentials::UserPassword);
    m_form->setRowVisible(m_password, chosen == Credentials::UserPassword);
    m_form->setRowVisible(m_token, chosen == Credentials::Token);
}

void ProfileForm::buildTls()
{
    m_ca = new PathField(QStringLiteral("profileCa"), tr("CA certificates"), PathField::Kind::Existing);
    m_cert =
        new PathField(QStringLiteral("profileCert"), tr("Client certificate"), PathField::Kind::Existing);
    m_key = new PathField(QStringLiteral("profileKey"), tr("Client key"), PathField::Kind::Existing);
    m_required = new QCheckBox(tr("Refuse to connect without TLS"), this);
    m_required->setObjectName(QStringLiteral("profileTlsRequired"));
    m_verify = new QCheckBox(tr("Verify the server's certificate"), this);
    m_verify->setObjectName(QStringLiteral("profileTlsVerify"));
    m_verifyWarning =
        new QLabel(tr("Without verification whoever sits between Weir and the broker can read and "
                      "change every message and take the credentials. The window shows a red bar "
                      "as long as such a connection lasts."),
                   this);
    m_verifyWarning->setObjectName(QStringLiteral("profileVerifyWarning"));
    m_verifyWarning->setWordWrap(true);
    setStateLevel(m_verifyWarning, StateLevel::Error);
    m_form->addRow(tr("CA file"), m_ca);
    m_form->addRow(tr("Client certificate"), m_cert);
    m_form->addRow(tr("Client key"), m_key);
    m_form->addRow(tr("TLS"), m_required);
    m_form->addRow(QString(), m_verify);
    m_form->addRow(QString(), m_verifyWarning);
    for (PathField* field : {m_ca, m_cert, m_key})
        connect(field, &PathField::changed, this, &ProfileForm::changed);
    connect(m_required, &QCheckBox::toggled, this, &ProfileForm::changed);
    connect(m_verify, &QCheckBox::toggled, this, [this] {
        showVerify();
        emit changed();
    });
}

void ProfileForm::showVerify()
{
    m_form->setRowVisible(m_verifyWarning, !m_verify->isChecked());
}

void ProfileForm::setProfile(const ConnectionProfile& profile)
{
    const QSignalBlocker quiet(this);
    m_base = profile;
    m_name->setText(QString::fromStdString(profile.name));
    QStringList urls;
    for (const std::string& url : profile.urls)
        urls += QString::fromStdString(withoutUserInfo(url));
    m_urls->setText(urls.join(QLatin1Char(' ')));
    m_monitor->setText(QString::fromStdString(profile.monitorUrl));
    m_system->setPath(pathText(profile.systemCreds));
    showCredentials(profile);
    m_ca->setPath(pathText(profile.caFile));
    m_cert->setPath(pathText(profile.certFile));
    m_key->setPath(pathText(profile.keyFile));
    m_required->setChecked(profile.tlsRequired);
    m_verify->setChecked(profile.tlsVerify);
    showVerify();
}

void ProfileForm::showCredentials(const ConnectionProfile& profile)
{
    m_creds->setPath(pathText(profile.credsFile));
    m_nkey->setPath(pathText(profile.nkeyFile));
    m_user->setText(QString::fromStdString(profile.user));
    m_password->setSecret(profile.password);
    m_token->setSecret(profile.token);
    // In the order in which they count (ConnectionProfile).
    const Credentials shown = !profile.user.empty()        ? Credentials::UserPassword
                              : !profile.credsFile.empty() ? Credentials::CredsFile
                              : !profile.nkeyFile.empty()  ? Credentials::Nkey
                              : profile.token.isSet()      ? Credentials::Token
                                                           : Credentials::None;
    m_credentials->setCurrentIndex(static_cast<int>(shown));
    showCredentialRows();
}

void ProfileForm::takeCredentials(ConnectionProfile& profile) const
{
    const auto chosen = static_cast<Credentials>(m_credentials->currentIndex());
    const bool user = chosen == Credentials::UserPassword;
    profile.user = user ? m_user->text().trimmed().toStdString() : std::string();
    profile.password = user ? m_password->secret() : SecretRef{};
    profile.credsFile = chosen == Credentials::CredsFile ? m_creds->path().toStdString() : std::string();
    profile.nkeyFile = chosen == Credentials::Nkey ? m_nkey->path().toStdString() : std::string();
    profile.token = chosen == Credentials::Token ? m_token->secret() : SecretRef{};
}

ConnectionProfile ProfileForm::profile() const
{
    ConnectionProfile profile = m_base;
    if (m_readOnly)
        return profile;
    profile.name = m_name->text().trimmed().toStdString();
    // The field shows URLs without user information: an untouched one keeps what the file says.
    const std::vector<std::string> urls = urlsOf(m_urls->text());
    std::vector<std::string> shown;
    for (const std::string& url : m_base.urls)
        shown.push_back(withoutUserInfo(url));
    if (urls != shown)
        profile.urls = urls;
    profile.monitorUrl = m_monitor->text().trimmed().toStdString();
    profile.systemCreds = m_system->path().toStdString();
    takeCredentials(profile);
    profile.caFile = m_ca->path().toStdString();
    profile.certFile = m_cert->path().toStdString();
    profile.keyFile = m_key->path().toStdString();
    profile.tlsRequired = m_required->isChecked();
    profile.tlsVerify = m_verify->isChecked();
    return profile;
}

QString ProfileForm::problem() const
{
    const ConnectionProfile profile = this->profile();
    if (m_readOnly)
        return {};
    if (profile.urls.empty())
        return tr("A broker needs a URL, such as nats://host:4222.");
    const auto chosen = static_cast<Credentials>(m_credentials->currentIndex());
    if (chosen == Credentials::CredsFile && profile.credsFile.empty())
        return tr("Choose the creds file.");
    if (chosen == Credentials::Nkey && profile.nkeyFile.empty())
        return tr("Choose the file with the nkey seed.");
    if (chosen == Credentials::UserPassword && profile.user.empty())
        return tr("Enter the user.");
    if (chosen == Credentials::Token && !profile.token.isSet())
        return tr("Enter the token or say where it is.");
    if (profile.certFile.empty() != profile.keyFile.empty())
        return tr("A client certificate and its key go together.");
    return {};
}

void ProfileForm::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    setEnabled(!readOnly);
}

} // namespace weir
