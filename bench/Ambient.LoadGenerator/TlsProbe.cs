using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Ambient.LoadGenerator;

/// <summary>Offers TLS 1.3 without a client certificate: a mutual peer must refuse it.</summary>
internal static class TlsProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Count is 1 when the peer went on talking, 0 when it refused.</summary>
    public static async Task<LoadResult> RunAsync(string target)
    {
        using CancellationTokenSource limit = new(Patience);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(target), limit.Token);
            using NetworkStream network = new(socket);
            using SslStream tls = new(network);
            await tls.AuthenticateAsClientAsync(Options(), limit.Token);

            // In TLS 1.3 the client has finished before the server judges its missing certificate: the verdict comes with the first read.
            int read = await tls.ReadAsync(new byte[1], limit.Token);
            return Answer(accepted: read > 0, read > 0 ? "data was served" : "closed");
        }
        catch (OperationCanceledException)
        {
            return Answer(accepted: true, "the connection stayed open");
        }
        catch (Exception refusal) when (refusal is AuthenticationException or IOException)
        {
            return Answer(accepted: false, refusal.InnerException?.Message ?? refusal.Message);
        }
        catch (SocketException unreachable)
        {
            return LoadResult.Failure($"{target}: {unreachable.Message}");
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "The probe asks whether the peer demands a certificate; whom the peer is makes no difference.")]
    private static SslClientAuthenticationOptions Options() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        TargetHost = "",
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    private static LoadResult Answer(bool accepted, string message) => new(accepted ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, message);
}
