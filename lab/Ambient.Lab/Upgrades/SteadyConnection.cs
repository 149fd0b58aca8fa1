using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Lab.Network;
using Ambient.Lab.Probes;

namespace Ambient.Lab.Upgrades;

/// <summary>
/// A connection of a pod to the probe server with steady traffic both ways: a pattern is sent, the server sends it back, and at the end the
/// digests of both tell whether every byte came back once and in order.
/// </summary>
internal sealed class SteadyConnection : IDisposable
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>With <see cref="ChunkBytes"/> 0.8 MB/s each way: a load, but none that fills the machine.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly Task<string?> _sending;
    private readonly Task<string?> _receiving;
    private volatile bool _isFinishing;
    private long _bytes;
    private long _ended;

    private SteadyConnection(Socket socket, int seed, CancellationToken cancellationToken)
    {
        _socket = socket;
        _sending = SendAsync(new Random(seed), cancellationToken);
        _receiving = ReceiveAsync(cancellationToken);
    }

    /// <summary>Bytes that came back so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Timestamp of the end of what came back; 0 before.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <exception cref="SocketException">The pod could not connect.</exception>
    public static async Task<SteadyConnection> OpenAsync(string? namespacePath, IPEndPoint server, int seed, CancellationToken cancellationToken)
    {
        Socket socket = await NamespaceSocket.ConnectAsync(namespacePath, server, cancellationToken);
        await ProbeWire.SendLineAsync(socket, ProbeWire.Echo, cancellationToken);
        return new SteadyConnection(socket, seed, cancellationToken);
    }

    /// <summary>Stops sending, and waits for the rest. True when all that was sent came back, and nobody had ended the connection before.</summary>
    public async Task<bool> FinishAsync()
    {
        bool wasOpen = Ended == 0;
        _isFinishing = true;
        string? sent = await _sending;
        return await _receiving is { } received && wasOpen && sent == received;
    }

    /// <summary>Waits until somebody else ends the connection; false when nobody does in time.</summary>
    public async Task<bool> IsCutAsync(TimeSpan timeout)
    {
        try
        {
            await _receiving.WaitAsync(timeout);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The digest of all that was sent; null when the connection broke.</summary>
    private async Task<string?> SendAsync(Random pattern, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkBytes];
        try
        {
            while (!_isFinishing)
            {
                pattern.NextBytes(chunk);
                hash.AppendData(chunk);
                await ProbeWire.SendAllAsync(_socket, chunk, cancellationToken);
                await Task.Delay(Interval, cancellationToken);
            }

            _socket.Shutdown(SocketShutdown.Send);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The digest of all that came back; null when the connection broke.</summary>
    private async Task<string?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[4 * ChunkBytes];
        try
        {
            int read;
            while ((read = await _socket.ReceiveAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                Interlocked.Add(ref _bytes, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            Interlocked.Exchange(ref _ended, TimeProvider.System.GetTimestamp());
        }
    }
}
