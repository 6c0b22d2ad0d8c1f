using Google.Protobuf;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>The form of one type on the wire or in the journal: its name, and the way there and back.</summary>
/// <param name="Manifest">The name. A promise: it is never changed nor given to another form; a new form gets a new number.</param>
/// <param name="Type">Whose form it is.</param>
/// <param name="Write">Gives the bytes.</param>
/// <param name="Read">Gives back what was written.</param>
internal sealed record MessageCodec(
    string Manifest, Type Type, Func<object, ActorReferences, byte[]> Write, Func<byte[], ActorReferences, object> Read)
{
    /// <summary>The codec of a type whose form is a Protobuf message.</summary>
    public static MessageCodec Of<TMessage, TForm>(string manifest, Func<TMessage, TForm> write, Func<TForm, TMessage> read)
        where TMessage : notnull
        where TForm : class, IMessage, new() =>
        new(manifest, typeof(TMessage), (message, _) => write((TMessage)message).ToByteArray(), (bytes, _) => read(Parse<TForm>(bytes)));

    /// <summary>The codec of a type whose form is a Protobuf message, and which holds references to actors.</summary>
    public static MessageCodec Of<TMessage, TForm>(
        string manifest, Func<TMessage, ActorReferences, TForm> write, Func<TForm, ActorReferences, TMessage> read)
        where TMessage : notnull
        where TForm : class, IMessage, new() =>
        new(
            manifest,
            typeof(TMessage),
            (message, references) => write((TMessage)message, references).ToByteArray(),
            (bytes, references) => read(Parse<TForm>(bytes), references));

    // Not by the parsers of the forms: naming each of them here would compile what belongs to all forms as a node starts.
    private static TForm Parse<TForm>(byte[] bytes)
        where TForm : class, IMessage, new()
    {
        var form = new TForm();
        form.MergeFrom(bytes);
        return form;
    }
}
