using System.Buffers.Binary;
using System.Collections.Immutable;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Keeps answers for as long as they say (RFC 1035 7.4, RFC 2308 5), the least recently used ones going first. Empty it costs next to
/// nothing. Thread-safe.
/// </summary>
internal sealed class AnswerCache(int capacity, TimeProvider time)
{
    private const int MostRecords = 64;
    private const int MostDataBytes = 8 * 1024;
    private const uint LongestSeconds = 86_400;

    /// <summary>That a name does not exist is believed for less long: it may just be about to.</summary>
    private const uint LongestNegativeSeconds = 300;

    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, LinkedListNode<CachedAnswer>> _answers = [];
    private readonly LinkedList<CachedAnswer> _byUse = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _answers.Count;
            }
        }
    }

    /// <summary>With what is left of each TTL; null when there is none that still holds.</summary>
    public DnsMessage? Find(DnsQuestion question)
    {
        CachedAnswer found;
        lock (_lock)
        {
            if (!_answers.TryGetValue(question, out LinkedListNode<CachedAnswer>? node))
            {
                return null;
            }

            _byUse.Remove(node);
            if (time.GetTimestamp() >= node.Value.Ends)
            {
                _answers.Remove(question);
                return null;
            }

            _byUse.AddFirst(node);
            found = node.Value;
        }

        uint age = (uint)time.GetElapsedTime(found.Stored).TotalSeconds;
        return age == 0 ? found.Message : found.Message with
        {
            Answers = Aged(found.Message.Answers, age),
            Additionals = Aged(found.Message.Additionals, age),
        };
    }

    /// <summary>Only what says something of the name is kept, and only if it says for how long.</summary>
    public void Store(DnsQuestion question, DnsMessage message)
    {
        uint seconds = Lifetime(message);
        if (seconds == 0)
        {
            return;
        }

        long now = time.GetTimestamp();
        CachedAnswer answer = new(
            question, message with { Question = question, Authorities = [] }, now, now + (seconds * time.TimestampFrequency));
        lock (_lock)
        {
            if (_answers.Remove(question, out LinkedListNode<CachedAnswer>? old))
            {
                _byUse.Remove(old);
            }

            _answers.Add(question, _byUse.AddFirst(answer));
            if (_answers.Count > capacity)
            {
                _answers.Remove(_byUse.Last!.Value.Question);
                _byUse.RemoveLast();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _answers.Clear();
            _byUse.Clear();
        }
    }

    private static ImmutableArray<DnsRecord> Aged(ImmutableArray<DnsRecord> records, uint age) =>
        [.. records.Select(record => record with { Ttl = record.Ttl - Math.Min(age, record.Ttl) })];

    private static uint Lifetime(DnsMessage message)
    {
        bool isNameError = message.Code == DnsResponseCode.NameError;
        if (message.Header.IsTruncated || (!isNameError && message.Code != DnsResponseCode.NoError) || IsLarge(message))
        {
            return 0;
        }

        if (isNameError || message.Answers.IsEmpty)
        {
            return NegativeLifetime(message);
        }

        return Math.Min(LongestSeconds, message.Answers.Concat(message.Additionals).Min(record => record.Ttl));
    }

    private static uint NegativeLifetime(DnsMessage message)
    {
        foreach (DnsRecord record in message.Authorities)
        {
            if (record.Type == DnsType.Soa && record.Data.Length > sizeof(uint))
            {
                uint minimum = BinaryPrimitives.ReadUInt32BigEndian(record.Data.Span[^sizeof(uint)..]);
                return Math.Min(LongestNegativeSeconds, Math.Min(record.Ttl, minimum));
            }
        }

        return 0;
    }

    private static bool IsLarge(DnsMessage message) =>
        message.Answers.Length + message.Additionals.Length > MostRecords
        || message.Answers.Concat(message.Additionals).Sum(record => record.Data.Length + record.Owner.Wire.Length) > MostDataBytes;

    private sealed record CachedAnswer(DnsQuestion Question, DnsMessage Message, long Stored, long Ends);
}
