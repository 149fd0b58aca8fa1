namespace Ambient.Tls.Records;

internal enum PostHandshakeOutcome
{
    None,
    KeysUpdated,
    KeysUpdatedAndAnswerWanted,
}
