namespace Ambient.InProcessTests.Flows;

/// <summary>What a CONNECT was answered.</summary>
/// <param name="Status">0 when there was no answer; <paramref name="Text"/> then says why.</param>
/// <param name="Baggage">Of the answer.</param>
/// <param name="Text">What came back through the tunnel.</param>
internal sealed record DirectAnswer(int Status, string? Baggage, string Text);
