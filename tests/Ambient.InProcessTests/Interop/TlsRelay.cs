using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.InProcessTests.Hbone;

namespace Ambient.InProcessTests.Interop;

/// <summary>Takes plain connections of a program that has no client certificates and carries them in TLS to the rig's server.</summary>
internal sealed class TlsRelay : IAsyncDisposable
{
    private readonly HboneRig _rig;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _running;

    public TlsRelay(HboneRig rig)
    {
        _rig = rig;
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptSocketAsync()));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket accepted)
    {
        accepted.NoDelay = true;
        await using var plain = new NetworkStream(accepted, ownsSocket: true);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_rig.TunnelEndPoint);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificateContext = SslStreamCertificateContext.Create(_rig.Client.ToX509(), null, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        });
        try
        {
            await Task.WhenAny(plain.CopyToAsync(tls), tls.CopyToAsync(plain));
        }
        catch (IOException)
        {
            // One side closed first; closing the other is all that is left.
        }
    }
}
