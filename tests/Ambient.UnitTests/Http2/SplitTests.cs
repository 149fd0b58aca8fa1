using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;

namespace Ambient.UnitTests.Http2;

/// <summary>However received bytes are cut, the events and the answers are the same.</summary>
public class SplitTests
{
    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    public void The_whole_conversation_is_valid(Http2Role role)
    {
        (List<string> log, _, Http2Failure? failure) = Run(role, [Whole(role)]);
        Assert.Null(failure);
        Assert.True(log.Count > 12);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    public void Any_cut_in_two_gives_the_same_events(Http2Role role)
    {
        byte[] whole = Whole(role);
        var expected = Run(role, [whole]);
        for (int cut = 1; cut < whole.Length; cut++)
        {
            AssertSame(expected, Run(role, [whole[..cut], whole[cut..]]));
        }
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    public void Random_cuts_give_the_same_events(Http2Role role)
    {
        byte[] whole = Whole(role);
        var expected = Run(role, [whole]);
        Random random = new(4);
        for (int round = 0; round < 2_000; round++)
        {
            List<byte[]> parts = [];
            int most = 1 << random.Next(8);
            for (int at = 0; at < whole.Length; at += parts[^1].Length)
            {
                parts.Add(whole[at..Math.Min(whole.Length, at + 1 + random.Next(most))]);
            }

            AssertSame(expected, Run(role, [.. parts]));
        }
    }

    internal static (List<string> Log, byte[] Output, Http2Failure? Failure) Run(Http2Role role, byte[][] parts)
    {
        ScriptedPeer peer = role == Http2Role.Server ? ScriptedPeer.FreshServer() : ScriptedPeer.FreshClient();
        peer.Events.ReleasesAtOnce = true;
        peer.Events.AnswersWith = role == Http2Role.Server ? 200 : 0;
        for (int i = 0; role == Http2Role.Client && i < 5; i++)
        {
            peer.Open();
        }

        peer.Send(parts);
        return (peer.Events.Log, peer.Connection.Output.Span.ToArray(), peer.Connection.Failure);
    }

    private static byte[] Whole(Http2Role role) =>
        [.. (role == Http2Role.Server ? Conversations.ToServer : Conversations.ToClient).SelectMany(part => part)];

    private static void AssertSame(
        (List<string> Log, byte[] Output, Http2Failure? Failure) expected, (List<string> Log, byte[] Output, Http2Failure? Failure) actual)
    {
        Assert.Equal(expected.Log, actual.Log);
        Assert.Equal(expected.Output, actual.Output);
        Assert.Equal(expected.Failure, actual.Failure);
    }
}
