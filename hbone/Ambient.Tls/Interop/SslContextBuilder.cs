using System.Security.Cryptography;
using System.Text;

namespace Ambient.Tls.Interop;

/// <summary>
/// Makes an SSL_CTX with everything stated: what the system's openssl.cnf sets for other programs must not widen or narrow HBONE.
/// </summary>
internal static unsafe class SslContextBuilder
{
    // 112 bits: RSA 2048 and up, no SHA-1 signatures.
    private const int SecurityLevel = 2;

    private const int MaxCertificateListBytes = 64 * 1024;

    public static SslContextHandle Build(TlsRole role, CertificateSet certificates, TlsOptions options)
    {
        LibCrypto.ERR_clear_error();
        var context = new SslContextHandle(LibSsl.SSL_CTX_new(LibSsl.TLS_method()));
        try
        {
            nint native = context.DangerousGetHandle();
            SetProtocol(native, options);
            SetCertificates(native, certificates);
            SetAlpn(native, role);
            LibSsl.SSL_CTX_set_verify(native, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNoPeerCertificate, 0);
            LibSsl.SSL_CTX_set_cert_verify_callback(native, &HandshakeCallbacks.Verify, 0);
            LibSsl.SSL_CTX_set_keylog_callback(native, &HandshakeCallbacks.KeyLog);
            LibSsl.SSL_CTX_set_info_callback(native, &HandshakeCallbacks.Info);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public static bool KnowsGroup(string name)
    {
        OpenSslLibrary.EnsureReady();
        using var context = new SslContextHandle(LibSsl.SSL_CTX_new(LibSsl.TLS_method()));
        bool isKnown = SetGroups(context.DangerousGetHandle(), name) != 0;
        LibCrypto.ERR_clear_error();
        return isKnown;
    }

    private static void SetProtocol(nint context, TlsOptions options)
    {
        Control(context, LibSsl.ControlMinVersion, LibSsl.Tls13, "require TLS 1.3");
        Control(context, LibSsl.ControlMaxVersion, LibSsl.Tls13, "stop at TLS 1.3");
        LibSsl.SSL_CTX_set_security_level(context, SecurityLevel);
        LibSsl.SSL_CTX_set_options(
            context,
            LibSsl.OptionNoTicket | LibSsl.OptionNoCompression | LibSsl.OptionServerPreference | LibSsl.OptionNoRenegotiation);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSessionCacheMode, LibSsl.SessionCacheOff, 0);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlMaxCertificateList, MaxCertificateListBytes, 0);
        OpenSslError.ThrowIfZero(LibSsl.SSL_CTX_set_num_tickets(context, 0), "turn off session tickets");

        if (options.Suites.Count == 0 || options.Groups.Count == 0)
        {
            throw new CryptographicException("At least one cipher suite and one key exchange group are needed.");
        }

        string suites = string.Join(':', options.Suites.Select(SuiteName));
        OpenSslError.ThrowIfZero(LibSsl.SSL_CTX_set_ciphersuites(context, suites), $"use the cipher suites {suites}");

        string groups = string.Join(':', options.Groups);
        OpenSslError.ThrowIfZero(SetGroups(context, groups), $"use the groups {groups}");
    }

    private static nint SetGroups(nint context, string groups)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(groups + '\0'))
        {
            return LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlGroupsList, 0, (nint)text);
        }
    }

    private static void SetCertificates(nint context, CertificateSet certificates)
    {
        // Without this OpenSSL would complete our chain from a store and send the root with it.
        LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlMode, LibSsl.ModeNoAutoChain, 0);
        OpenSslError.ThrowIfZero(LibSsl.SSL_CTX_use_certificate(context, certificates.Leaf.DangerousGetHandle()), "use the certificate");
        OpenSslError.ThrowIfZero(LibSsl.SSL_CTX_use_PrivateKey(context, certificates.Key.DangerousGetHandle()), "use the private key");
        foreach (X509Handle intermediate in certificates.Intermediates)
        {
            nint certificate = intermediate.DangerousGetHandle();
            OpenSslError.ThrowIfZero(
                LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlAddChainCertificate, 1, certificate), "add an intermediate certificate");
        }

        OpenSslError.ThrowIfZero(
            LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlVerifyStore, 1, certificates.Roots.DangerousGetHandle()), "use the root certificates");

        // A bundle may name an intermediate as trust anchor.
        OpenSslError.ThrowIfZero(
            LibCrypto.X509_VERIFY_PARAM_set_flags(LibSsl.SSL_CTX_get0_param(context), LibCrypto.VerifyPartialChain), "set verify flags");
    }

    private static void SetAlpn(nint context, TlsRole role)
    {
        if (role == TlsRole.Server)
        {
            LibSsl.SSL_CTX_set_client_hello_cb(context, &HandshakeCallbacks.ClientHello, 0);
            LibSsl.SSL_CTX_set_alpn_select_cb(context, &HandshakeCallbacks.SelectAlpn, 0);
            return;
        }

        fixed (byte* protocols = AlpnRule.Wire)
        {
            // The one function of libssl that answers 0 for success.
            int result = LibSsl.SSL_CTX_set_alpn_protos(context, protocols, (uint)AlpnRule.Wire.Length);
            OpenSslError.ThrowIfZero(result == 0 ? 1 : 0, "offer ALPN h2");
        }
    }

    private static void Control(nint context, int command, int value, string action) =>
        OpenSslError.ThrowIfZero(LibSsl.SSL_CTX_ctrl(context, command, value, 0), action);

    private static string SuiteName(TlsSuite suite) => suite switch
    {
        TlsSuite.Aes128GcmSha256 => "TLS_AES_128_GCM_SHA256",
        TlsSuite.Aes256GcmSha384 => "TLS_AES_256_GCM_SHA384",
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "Not a suite of HBONE."),
    };
}
