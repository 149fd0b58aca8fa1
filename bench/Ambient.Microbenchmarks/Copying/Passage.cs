using System.Net.Sockets;

namespace Ambient.Microbenchmarks.Copying;

/// <summary>The two ordinary sockets at the ends of a relayed connection, used from one thread.</summary>
internal sealed class Passage(Socket application, Socket destination) : IDisposable
{
    /// <summary>Less than what the sockets on the way hold, so that the thread which reads may be the one that wrote.</summary>
    public const int MaxBytes = 65_536;

    private readonly byte[] _sent = new byte[MaxBytes];
    private readonly byte[] _received = new byte[MaxBytes];

    /// <summary>A message one way; returns when it has arrived in full.</summary>
    public int SendThrough(int bytes) => Move(application, destination, bytes);

    /// <summary>A message and its answer of the same size.</summary>
    public int RoundTrip(int bytes) => Move(application, destination, bytes) + Move(destination, application, bytes);

    public void Dispose()
    {
        application.Dispose();
        destination.Dispose();
    }

    private int Move(Socket from, Socket to, int bytes)
    {
        from.Send(_sent.AsSpan(0, bytes));
        int received = 0;
        while (received < bytes)
        {
            int read = to.Receive(_received);
            received += read > 0 ? read : throw new InvalidOperationException("the relay has closed the connection");
        }

        return received;
    }
}
