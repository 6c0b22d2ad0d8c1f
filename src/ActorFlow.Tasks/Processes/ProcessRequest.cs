using System.Globalization;

namespace ActorFlow.Tasks.Processes;

/// <summary>The command of a <c>process</c> task: its <c>with</c>.</summary>
internal sealed record ProcessRequest(
    string Command,
    string[] Arguments,
    List<KeyValuePair<string, string>> Environment,
    string? Stdin,
    string? WorkingDirectory,
    string Parse,
    int[] SuccessCodes)
{
    public static ProcessRequest Read(Payload payload)
    {
        using var document = payload.ToDocument();
        var input = new HandlerInput(
            "process", document.RootElement, "command", "args", "env", "stdin", "cwd", "parse", "success-codes");
        var request = new ProcessRequest(
            input.RequiredText("command"),
            input.Texts("args"),
            input.TextsByName("env"),
            input.TextOrJson("stdin"),
            input.Text("cwd"),
            input.Word("parse", "text", "json", "lines"),
            Codes(input));
        request.RefuseNul(input);
        return request;
    }

    private static int[] Codes(HandlerInput input)
    {
        if (input.Find("success-codes") is null)
        {
            return [0];
        }

        var texts = input.Texts("success-codes");
        var codes = new int[texts.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            if (!int.TryParse(texts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out codes[i]))
            {
                throw input.Invalid($"needs whole numbers under 'success-codes', not '{texts[i]}'");
            }
        }

        return codes;
    }

    // The operating system would silently cut the text there.
    private void RefuseNul(HandlerInput input)
    {
        if (Command.Contains('\0') || Arguments.Any(text => text.Contains('\0')))
        {
            throw input.Invalid("takes no NUL character in 'command' or 'args'");
        }

        if (Environment.Any(pair => pair.Key.Length == 0 || pair.Key.Contains('=') || (pair.Key + pair.Value).Contains('\0')))
        {
            throw input.Invalid("needs names without '=' and no NUL character under 'env'");
        }
    }
}
