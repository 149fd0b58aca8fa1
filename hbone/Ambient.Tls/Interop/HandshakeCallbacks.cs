using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>
/// Entry points for OpenSSL. No exception may pass through native frames, so each one catches everything, notes it as a refusal
/// and answers with the value that ends the handshake.
/// </summary>
internal static unsafe class HandshakeCallbacks
{
    private static readonly int StoreSslIndex = LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx();

    [UnmanagedCallersOnly]
    public static int Verify(nint storeContext, nint argument)
    {
        nint ssl = LibCrypto.X509_STORE_CTX_get_ex_data(storeContext, StoreSslIndex);
        HandshakeFacts? facts = null;
        try
        {
            facts = SslHandle.Owner(ssl);
            return facts is not null && PeerVerification.Accepts(ssl, storeContext, facts) ? 1 : 0;
        }
        catch (Exception exception)
        {
            NoteBug(facts, exception);
            LibCrypto.X509_STORE_CTX_set_error(storeContext, VerifyErrors.Unspecified);
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    public static void KeyLog(nint ssl, byte* line)
    {
        HandshakeFacts? facts = null;
        try
        {
            facts = SslHandle.Owner(ssl);
            if (facts is not null)
            {
                KeyLogLine.Capture(line, facts);
            }
        }
        catch (Exception exception)
        {
            NoteBug(facts, exception);
        }
    }

    [UnmanagedCallersOnly]
    public static void Info(nint ssl, int kind, int value)
    {
        if (kind is not (LibSsl.InfoReadAlert or LibSsl.InfoWriteAlert))
        {
            return;
        }

        HandshakeFacts? facts = null;
        try
        {
            facts = SslHandle.Owner(ssl);
            if (facts is not null)
            {
                NoteAlert(facts, kind, (TlsAlert)(value & 0xFF));
            }
        }
        catch (Exception exception)
        {
            NoteBug(facts, exception);
        }
    }

    [UnmanagedCallersOnly]
    public static int ClientHello(nint ssl, int* alert, nint argument)
    {
        HandshakeFacts? facts = null;
        try
        {
            facts = SslHandle.Owner(ssl);
            if (facts is not null && AlpnRule.AcceptsClientHello(ssl))
            {
                return 1;
            }

            facts?.Refusal = AlpnRule.NotOffered();
        }
        catch (Exception exception)
        {
            NoteBug(facts, exception);
        }

        *alert = (int)TlsAlert.NoApplicationProtocol;
        return 0;
    }

    [UnmanagedCallersOnly]
    public static int SelectAlpn(nint ssl, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, nint argument)
    {
        HandshakeFacts? facts = null;
        try
        {
            facts = SslHandle.Owner(ssl);
            if (facts is not null && AlpnRule.TrySelect(selected, selectedLength, offered, offeredLength))
            {
                return LibSsl.AlpnOk;
            }

            facts?.Refusal = AlpnRule.NotOffered();
        }
        catch (Exception exception)
        {
            NoteBug(facts, exception);
        }

        return LibSsl.AlpnFatal;
    }

    private static void NoteAlert(HandshakeFacts facts, int kind, TlsAlert alert)
    {
        if (kind == LibSsl.InfoReadAlert)
        {
            facts.AlertReceived = alert;
        }
        else
        {
            facts.AlertSent = alert;
        }
    }

    private static void NoteBug(HandshakeFacts? facts, Exception exception) =>
        facts?.Refusal = new TlsFailure(
            TlsFailureReason.Internal,
            null,
            $"{exception.GetType().Name} in a handshake callback: {exception.Message}",
            "This is a bug of the proxy; report it with this line.");
}
