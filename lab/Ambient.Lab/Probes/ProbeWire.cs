using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Ambient.Lab.Probes;

/// <summary>
/// The probes' protocol. The client's first line is the order:
/// <c>client-first</c>: the client sends and stops sending; the server answers with the digest of all it got.
/// <c>server-first TOKEN SEED LENGTH</c>: the server sends a pattern and stops sending; the client then sends, and stops.
/// <c>digest TOKEN</c>: answers with the digest of what that client sent after the server had stopped.
/// <c>echo</c>: the server sends back what it gets, until the client stops sending.
/// <c>hold</c>: answers "held" and stays open until the client closes. <c>held</c>: answers with how many are held now.
/// </summary>
internal static class ProbeWire
{
    public const string ClientFirst = "client-first";
    public const string ServerFirst = "server-first";
    public const string Digest = "digest";
    public const string Echo = "echo";
    public const string Hold = "hold";
    public const string Held = "held";

    private const int MaxLineBytes = 200;

    public static Task SendLineAsync(Socket socket, string line, CancellationToken cancellationToken) =>
        SendAllAsync(socket, Encoding.ASCII.GetBytes($"{line}\n"), cancellationToken);

    public static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>Reads byte by byte so that nothing behind the line is taken. Null when the peer closes before its end.</summary>
    public static async Task<string?> ReadLineAsync(Socket socket, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (line.Length < MaxLineBytes && await socket.ReceiveAsync(one, cancellationToken) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString();
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    /// <summary>Reads until the peer stops sending; the digest and the number of bytes.</summary>
    public static async Task<(string Digest, long Length)> ReadToEndAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        int read;
        while ((read = await socket.ReceiveAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    public static async Task<Socket> ConnectAsync(System.Net.IPEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
}
