// SPDX-License-Identifier: EUPL-1.2

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;

/**
 * Checks files against PDF/A-2a and PDF/UA-1. Status 0: all pass both; 1: some
 * fail; 2: the checker itself cannot be trusted.
 *
 * A checker without rules passes everything. So before it is believed it must
 * have its rules, and fail a copy of the first file that no longer says that
 * it is tagged.
 */
public class Check {
    static final PDFAFlavour[] FLAVOURS = {PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1};

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        prove(Files.readAllBytes(Path.of(files[0])));
        boolean all = true;
        for (String file : files) {
            byte[] data = Files.readAllBytes(Path.of(file));
            for (PDFAFlavour flavour : FLAVOURS) {
                Map<String, String> failures = failures(data, flavour);
                System.out.println((failures.isEmpty() ? "pass " : "FAIL ") + flavour + " " + file);
                failures.forEach((rule, text) -> System.out.println("     " + rule + " " + text));
                all &= failures.isEmpty();
            }
        }
        System.exit(all ? 0 : 1);
    }

    static void prove(byte[] good) throws Exception {
        String text = new String(good, StandardCharsets.ISO_8859_1);
        byte[] bad = text.replace("/MarkInfo <<", "/MarkInfX <<").getBytes(StandardCharsets.ISO_8859_1);
        for (PDFAFlavour flavour : FLAVOURS) {
            int rules = Profiles.getVeraProfileDirectory().getValidationProfileByFlavour(flavour).getRules().size();
            if (rules < 100) {
                System.err.println("verapdf: only " + rules + " rules for " + flavour);
                System.exit(2);
            }
            if (failures(bad, flavour).isEmpty()) {
                System.err.println("verapdf: passes a file that is not tagged as " + flavour);
                System.exit(2);
            }
        }
    }

    /** Returns the rules that the file breaks, each with its first finding. */
    static Map<String, String> failures(byte[] data, PDFAFlavour flavour) throws Exception {
        Map<String, String> out = new TreeMap<>();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new ByteArrayInputStream(data), flavour);
                var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion a : result.getTestAssertions()) {
                if (a.getStatus() == TestAssertion.Status.FAILED) {
                    out.putIfAbsent(a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber(),
                            a.getMessage() + " [" + a.getLocation().getContext() + "]");
                }
            }
            if (!result.isCompliant() && out.isEmpty()) {
                out.put("-", "not compliant");
            }
        }
        return out;
    }
}
