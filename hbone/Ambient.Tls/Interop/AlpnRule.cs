namespace Ambient.Tls.Interop;

/// <summary>ALPN h2 or nothing, on both sides (node-proxy 1.1.1; RFC 7301).</summary>
internal static unsafe class AlpnRule
{
    /// <summary>The offered list in wire form: a length byte, then the name.</summary>
    public static ReadOnlySpan<byte> Wire => "\u0002h2"u8;

    private static ReadOnlySpan<byte> Name => Wire[1..];

    /// <summary>
    /// False only if the client speaks TLS 1.3 and offers no ALPN: OpenSSL would not ask <see cref="TrySelect"/> about such a
    /// client. An older version passes here, because OpenSSL then refuses it with the alert that tells why.
    /// </summary>
    public static bool AcceptsClientHello(nint ssl) => !OffersTls13(ssl) || TryGetExtension(ssl, LibSsl.ExtensionAlpn, out _);

    public static bool TrySelect(byte** selected, byte* selectedLength, byte* offered, uint offeredLength)
    {
        int at = 0;
        while (at < offeredLength)
        {
            int length = offered[at++];
            if (length > offeredLength - at)
            {
                return false;
            }

            if (new ReadOnlySpan<byte>(offered + at, length).SequenceEqual(Name))
            {
                *selected = offered + at;
                *selectedLength = (byte)length;
                return true;
            }

            at += length;
        }

        return false;
    }

    public static bool IsSelected(nint ssl)
    {
        byte* name = null;
        uint length = 0;
        LibSsl.SSL_get0_alpn_selected(ssl, &name, &length);
        return new ReadOnlySpan<byte>(name, (int)length).SequenceEqual(Name);
    }

    public static TlsFailure NotOffered() => new(
        TlsFailureReason.NoAlpn,
        TlsAlert.NoApplicationProtocol,
        "the peer does not offer ALPN h2",
        "Only HBONE peers may connect here; is something other than a mesh proxy using this port?");

    public static TlsFailure NotSelected() => new(
        TlsFailureReason.NoAlpn,
        TlsAlert.HandshakeFailure,
        "the peer did not select ALPN h2",
        "The destination port is served by something that is not HBONE.");

    private static bool OffersTls13(nint ssl)
    {
        if (!TryGetExtension(ssl, LibSsl.ExtensionSupportedVersions, out ReadOnlySpan<byte> versions))
        {
            return false;
        }

        for (int i = 1; i + 1 < versions.Length; i += 2)
        {
            if (versions[i] == 0x03 && versions[i + 1] == 0x04)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryGetExtension(nint ssl, uint type, out ReadOnlySpan<byte> content)
    {
        byte* data = null;
        nuint length = 0;
        bool isPresent = LibSsl.SSL_client_hello_get0_ext(ssl, type, &data, &length) == 1;
        content = isPresent ? new ReadOnlySpan<byte>(data, (int)length) : default;
        return isPresent;
    }
}
