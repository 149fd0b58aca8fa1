using System.Buffers;
using Ambient.Tls;

namespace Ambient.Testing.Tls;

/// <summary>Runs both sides of a handshake in memory.</summary>
public sealed class TlsPair : IDisposable
{
    private const int MaxFlights = 20;

    public TlsPair(TlsHandshake client, TlsHandshake server)
    {
        Client = client;
        Server = server;
    }

    public TlsHandshake Client { get; }

    public TlsHandshake Server { get; }

    public TlsHandshakeStatus ClientStatus { get; private set; } = TlsHandshakeStatus.NeedMore;

    public TlsHandshakeStatus ServerStatus { get; private set; } = TlsHandshakeStatus.NeedMore;

    /// <summary>Applied to each flight on its way; the flights count from 0, the client's first.</summary>
    public Func<byte[], int, byte[]>? OnFlight { get; init; }

    /// <summary>What the client received after its handshake was over: where a refusal by the server arrives.</summary>
    public byte[] LateForClient { get; private set; } = [];

    /// <summary>Passes flights until both are done or nothing moves any more.</summary>
    public TlsPair Run()
    {
        byte[] flight = [];
        for (int i = 0; i < MaxFlights; i++)
        {
            bool isClient = i % 2 == 0;
            TlsHandshake side = isClient ? Client : Server;
            var output = new ArrayBufferWriter<byte>();
            if ((isClient ? ClientStatus : ServerStatus) == TlsHandshakeStatus.NeedMore)
            {
                TlsHandshakeStatus status = side.Advance(flight, output);
                (ClientStatus, ServerStatus) = isClient ? (status, ServerStatus) : (ClientStatus, status);
            }
            else if (isClient)
            {
                LateForClient = [.. LateForClient, .. flight];
            }

            flight = OnFlight is null ? output.WrittenSpan.ToArray() : OnFlight(output.WrittenSpan.ToArray(), i);
            if (flight.Length == 0 && i > 0)
            {
                break;
            }
        }

        return this;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
