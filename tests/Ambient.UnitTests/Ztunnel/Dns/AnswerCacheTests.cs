using Ambient.Mesh.Dns;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel.Dns;

namespace Ambient.UnitTests.Ztunnel.Dns;

public sealed class AnswerCacheTests
{
    private static readonly DnsQuestion Question = Of("a.example");

    private readonly ManualTime _time = new();

    [Fact]
    public void An_answer_is_kept_for_its_shortest_ttl_which_runs_down()
    {
        AnswerCache cache = new(10, _time);
        cache.Store(Question, Answer(60, 20));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([55u, 15u], cache.Find(Of("A.Example"))!.Answers.Select(record => record.Ttl));

        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(cache.Find(Question));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void What_does_not_exist_is_kept_as_long_as_the_zone_says_and_five_minutes_at_most()
    {
        AnswerCache cache = new(10, _time);
        cache.Store(Question, Negative(minimum: 7));
        cache.Store(Of("b"), Negative(minimum: 100_000));
        cache.Store(Of("c"), Negative(minimum: 7) with { Authorities = [] });

        Assert.Equal(DnsResponseCode.NameError, cache.Find(Question)!.Code);
        Assert.Null(cache.Find(Of("c")));
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.Null(cache.Find(Question));
        Assert.NotNull(cache.Find(Of("b")));
        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.Null(cache.Find(Of("b")));
    }

    [Fact]
    public void Failures_truncated_and_large_answers_and_those_for_no_time_are_not_kept()
    {
        AnswerCache cache = new(10, _time);
        cache.Store(Question, Answer(0));
        cache.Store(Question, Answer(60) with { Header = new DnsHeader(1, 0x8002) });
        cache.Store(Question, Answer(60) with { Header = new DnsHeader(1, 0x8200) });
        cache.Store(Question, Answer([.. Enumerable.Repeat(60u, 65)]));
        cache.Store(Question, Answer(60) with { Additionals = [new DnsRecord(Question.Name, DnsType.Txt, DnsClass.Internet, 60, new byte[9000])] });

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_least_recently_used_goes_first()
    {
        AnswerCache cache = new(2, _time);
        cache.Store(Of("a"), Answer(60));
        cache.Store(Of("b"), Answer(60));
        cache.Find(Of("a"));
        cache.Store(Of("c"), Answer(60));

        Assert.Equal(2, cache.Count);
        Assert.NotNull(cache.Find(Of("a")));
        Assert.Null(cache.Find(Of("b")));
    }

    private static DnsQuestion Of(string name) => new(DnsName.TryParse(name, out DnsName parsed) ? parsed : throw new ArgumentException(name), DnsType.A);

    private static DnsMessage Answer(params uint[] ttls) => new()
    {
        Header = new DnsHeader(1, 0x8000),
        Question = Question,
        Answers = [.. ttls.Select(ttl => DnsRecord.Address(Question.Name, TestMesh.Ip("10.0.0.1"), ttl))],
    };

    private static DnsMessage Negative(uint minimum) => new()
    {
        Header = new DnsHeader(1, 0x8003),
        Question = Question,
        Authorities =
        [
            new DnsRecord(DnsName.Root, DnsType.Soa, DnsClass.Internet, 3600,
                new byte[] { 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, (byte)(minimum >> 24), (byte)(minimum >> 16), (byte)(minimum >> 8), (byte)minimum }),
        ],
    };
}
