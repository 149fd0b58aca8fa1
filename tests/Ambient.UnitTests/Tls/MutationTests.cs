using Ambient.Testing;
using System.Buffers;
using System.Diagnostics;
using Ambient.Testing.Tls;
using Ambient.Tls;
using Xunit.Abstractions;

namespace Ambient.UnitTests.Tls;

/// <summary>
/// Seeded mutations: a million of records and several thousand of handshakes, without a crash, a hang, a plaintext that was not
/// sent, or a native object left behind.
/// </summary>
[Collection(NativeCountCollection.Name)]
public sealed class MutationTests : IClassFixture<HandshakeFixture>
{
    private const int RecordRounds = 700_000;
    private const int InnerRounds = 300_000;
    private const int HandshakeRounds = 4_000;
    private const int Seed = 20260823;

    private readonly HandshakeFixture _fixture;
    private readonly ITestOutputHelper _output;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public MutationTests(HandshakeFixture fixture, ITestOutputHelper output)
    {
        _fixture = fixture;
        _output = output;

        // Makes what is made once per process or per credentials, before any test counts.
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, fixture.Server);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ServerStatus);
    }

    /// <summary>Bytes changed on the way: whatever is read is a prefix of what was sent, because nothing else authenticates.</summary>
    [Fact]
    public void Changed_records_never_yield_what_was_not_sent()
    {
        NativeObjects before = NativeObjects.Count();
        var random = new Random(Seed);
        int rounds = FuzzRounds.Scale(RecordRounds);
        int refused = 0;
        byte[] sent = [.. Enumerable.Range(1, 40).Select(value => (byte)value)];
        byte[] record = SealFirst(sent);
        SessionPair pair = new();
        for (int round = 0; round < rounds; round++)
        {
            byte[] changed = Mutation.Apply(record, random);
            if (changed.AsSpan().SequenceEqual(record))
            {
                continue;
            }

            TlsReadStatus status = pair.Server.Read(changed, out _, out Span<byte> plaintext);
            if (status == TlsReadStatus.NeedMore)
            {
                continue;
            }

            Assert.True(status == TlsReadStatus.Failed ? plaintext.IsEmpty : plaintext.SequenceEqual(sent), $"round {round}");
            refused += status == TlsReadStatus.Failed ? 1 : 0;
            pair.Dispose();
            pair = new SessionPair();
        }

        pair.Dispose();
        Assert.True(refused > rounds / 4);
        Report(before, rounds);
    }

    /// <summary>Authentic records with hostile insides: an authenticated peer that breaks the protocol in every way.</summary>
    [Fact]
    public void Hostile_contents_never_break_the_reader()
    {
        NativeObjects before = NativeObjects.Count();
        var random = new Random(Seed + 1);
        int rounds = FuzzRounds.Scale(InnerRounds);
        byte[][] seeds =
        [
            [24, 0, 0, 1, 1, 22],
            [24, 0, 0, 1, 0, 22, 0, 0, 0],
            [4, 0, 0, 19, 0, 0, 28, 32, 1, 2, 3, 4, 1, 9, 0, 3, 7, 7, 7, 0, 4, 0, 42, 0, 0, 22],
            [1, 0, 21],
            [2, 40, 21],
            [1, 90, 21],
            [1, 2, 3, 4, 23],
            [23],
            [0],
        ];
        SessionPair pair = new();
        int failed = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] inner = Mutation.Apply(seeds[random.Next(seeds.Length)], random);
            byte[] record = pair.InnerFromServer(inner);
            TlsReadStatus status = pair.Client.Read(record, out int consumed, out Span<byte> plaintext);
            Assert.Equal(status == TlsReadStatus.ApplicationData, !plaintext.IsEmpty);
            Assert.NotEqual(TlsReadStatus.NeedMore, status);
            if (status is TlsReadStatus.Skipped or TlsReadStatus.ApplicationData)
            {
                Assert.Equal(record.Length, consumed);
                pair.FollowClient();
            }

            if (status is TlsReadStatus.Failed or TlsReadStatus.Closed)
            {
                Assert.Equal(status == TlsReadStatus.Failed, pair.Client.Failure is not null);
                Assert.InRange(SessionPair.Control(pair.Client).Length, 0, TlsSession.MaxControlBytes);
                failed++;
                pair.Dispose();
                pair = new SessionPair();
            }
        }

        pair.Dispose();
        Assert.True(failed > rounds / 10);
        Report(before, rounds);
    }

    /// <summary>Flights changed on the way, in both directions: a side fails with a reason, or both completed and understand each other.</summary>
    [Fact]
    public void Changed_handshakes_fail_cleanly_or_do_not_matter()
    {
        NativeObjects before = NativeObjects.Count();
        var random = new Random(Seed + 2);
        int rounds = FuzzRounds.Scale(HandshakeRounds);
        int failed = 0;
        for (int round = 0; round < rounds; round++)
        {
            int target = random.Next(3);
            using var pair = new TlsPair(
                TlsHandshake.ForClient(_fixture.Client, HandshakeFixture.AcceptAll),
                TlsHandshake.ForServer(_fixture.Server, HandshakeFixture.AcceptAll))
            {
                OnFlight = (flight, index) => index == target ? Mutation.Apply(flight, random) : flight,
            };
            pair.Run();
            foreach ((TlsHandshakeStatus status, TlsHandshake side) in new[] { (pair.ClientStatus, pair.Client), (pair.ServerStatus, pair.Server) })
            {
                Assert.Equal(status == TlsHandshakeStatus.Failed, side.Failure is not null);
                Assert.NotEqual(TlsFailureReason.Internal, side.Failure?.Reason);
            }

            bool isFailed = pair.ClientStatus == TlsHandshakeStatus.Failed || pair.ServerStatus == TlsHandshakeStatus.Failed;
            failed += isFailed ? 1 : 0;
            if (pair.ClientStatus == TlsHandshakeStatus.Completed && pair.ServerStatus == TlsHandshakeStatus.Completed)
            {
                AssertUnderstandEachOther(pair);
            }
        }

        Assert.True(failed > rounds / 2, $"{failed} of {rounds} failed");
        Report(before, rounds);
    }

    /// <summary>Noise from the first byte on, with a plausible record header so that it gets past the first look.</summary>
    [Fact]
    public void Noise_never_completes_a_handshake()
    {
        NativeObjects before = NativeObjects.Count();
        var random = new Random(Seed + 3);
        int rounds = FuzzRounds.Scale(HandshakeRounds);
        for (int round = 0; round < rounds; round++)
        {
            byte[] noise = new byte[random.Next(1, 600)];
            random.NextBytes(noise);
            noise[0] = (byte)(21 + random.Next(2));
            bool isServer = random.Next(2) == 0;
            using TlsHandshake side = isServer
                ? TlsHandshake.ForServer(_fixture.Server, HandshakeFixture.AcceptAll)
                : TlsHandshake.ForClient(_fixture.Client, HandshakeFixture.AcceptAll);
            side.Advance([], new ArrayBufferWriter<byte>());
            Assert.NotEqual(TlsHandshakeStatus.Completed, side.Advance(noise, new ArrayBufferWriter<byte>()));
        }

        Report(before, rounds);
    }

    [Fact]
    public void Nothing_native_is_left_of_handshakes_and_sessions()
    {
        NativeObjects before = NativeObjects.Count();
        for (int i = 0; i < 100; i++)
        {
            using TlsCredentials credentials = HandshakeFixture.Credentials(_fixture.ServerCertificate);
            using TlsPair pair = HandshakeFixture.Run(_fixture.Client, credentials, serverCheck: i % 3 == 0 ? _ => "no" : null);
            if (i % 3 == 1)
            {
                pair.Client.TakeSession().Dispose();
                pair.Server.TakeSession().Dispose();
            }
        }

        Report(before, 100);
    }

    [Fact]
    public void What_is_dropped_without_disposal_is_released_by_the_collector()
    {
        NativeObjects before = NativeObjects.Count();
        Drop();
        NativeObjects after = NativeObjects.Count();
        Assert.Equal(before, after);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Drop()
        {
            TlsCredentials credentials = HandshakeFixture.Credentials(_fixture.ServerCertificate);
            HandshakeFixture.Run(_fixture.Client, credentials).Client.TakeSession();
            Assert.NotEqual(before, NativeObjects.Now());
        }
    }

    private static byte[] SealFirst(byte[] text)
    {
        using var pair = new SessionPair();
        return SessionPair.Seal(pair.Client, text);
    }

    private static void AssertUnderstandEachOther(TlsPair pair)
    {
        using TlsSession client = pair.Client.TakeSession();
        using TlsSession server = pair.Server.TakeSession();
        if (pair.Server.Leftover.IsEmpty)
        {
            Assert.Equal(TlsReadStatus.ApplicationData, server.Read(SessionPair.Seal(client, "request"u8), out _, out _));
        }

        if (pair.Client.Leftover.IsEmpty)
        {
            Assert.Equal(TlsReadStatus.ApplicationData, client.Read(SessionPair.Seal(server, "response"u8), out _, out _));
        }
    }

    private void Report(NativeObjects before, int rounds)
    {
        _output.WriteLine($"{rounds} rounds in {_clock.ElapsedMilliseconds} ms");
        Assert.Equal(before, NativeObjects.Count());
    }
}
